"""A sender with a voucher of the sandbox's authority, in place of the key of its service."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from infra.local.sandbox.authority import CLIENT_ID, PURPOSE_ID, Authority
from infra.local.sandbox.seed import SERVICE_ID
from infra.local.sandbox.voucher_client import VoucherClient, digest_of
from lib.composition.settings.vouchers import SANDBOX_VOUCHER_AUDIENCE, SANDBOX_VOUCHER_ISSUER
from lib.domain.identity.vouchers.client_link import linked
from lib.domain.identity.vouchers.proof import thumbprint
from lib.domain.shared.identifiers import PurposeId, ServiceId
from tests.stack import Reply, Stack

OTHER_PURPOSE = "5a4d0000-9a00-4000-8000-000000000002"
"""A purpose of the sandbox's client that no service is linked to."""
URL = "http://127.0.0.1:7071/api/v1/messages"


class VoucherSender:
    """The sandbox's client, which acts for the sandbox's service, on a stack."""

    def __init__(self, stack: Stack) -> None:
        folder = stack.app.settings.data_folder
        self.stack = stack
        self.authority = Authority(folder, SANDBOX_VOUCHER_ISSUER, SANDBOX_VOUCHER_AUDIENCE)
        self.client = VoucherClient(folder)

    def voucher(self, **changes: Any) -> str:
        """Return a voucher by the stack's clock, with changes of its claims."""
        return self.authority.issue(self.stack.clock.now(), **changes)

    def bound_voucher(self, **changes: Any) -> str:
        """Return a voucher that is bound to the client's key."""
        return self.voucher(bound_to=thumbprint(self.client.jwk), **changes)

    def headers(
        self, voucher: str | None = None, *, scheme: str = "Bearer", **more: str | None
    ) -> dict[str, str]:
        """Return the headers of a call; a name with `_` stands for one with `-`."""
        given = {name.replace("_", "-"): value for name, value in more.items()}
        return {
            "authorization": f"{scheme} {voucher or self.voucher()}",
            **{name: value for name, value in given.items() if value is not None},
        }

    def proven(self, voucher: str, **claims: Any) -> dict[str, str]:
        """Return the headers of a submission with a voucher that is bound to the client's key."""
        proof = self.client.proof("POST", URL, self.stack.clock.now(), voucher, **claims)
        return self.headers(voucher, scheme="DPoP", dpop=proof)

    def signed(self, body: Any, voucher: str | None = None, **claims: Any) -> dict[str, str]:
        """Return the headers of a call whose body is signed."""
        listed = {
            "digest": digest_of(json.dumps(body).encode()),
            "content-type": "application/json",
        }
        signature = self.client.signature(listed, self.stack.clock.now(), **claims)
        return self.headers(voucher, digest=listed["digest"], agid_jwt_signature=signature)

    def with_evidence(self, *, bound: bool = False, **claims: Any) -> dict[str, str]:
        """Return the headers of a call with evidence. `bound`: the voucher has its digest."""
        evidence = self.client.evidence(self.stack.clock.now(), **claims)
        digest = {"alg": "SHA256", "value": hashlib.sha256(evidence.encode()).hexdigest()}
        voucher = self.voucher(digest=digest) if bound else None
        return self.headers(voucher, agid_jwt_trackingevidence=evidence)

    async def call(
        self, name: str, body: Any = None, headers: Mapping[str, str] | None = None, **more: Any
    ) -> Reply:
        """Call an endpoint with a voucher, or with these headers in place of it."""
        sent = self.headers() if headers is None else headers
        return await self.stack.call(name, body, key=None, headers=sent, **more)

    async def link(
        self,
        service_id: str = SERVICE_ID,
        purpose_id: str = OTHER_PURPOSE,
        keys: tuple[Mapping[str, Any], ...] = (),
        *,
        subscription_id: str = "",
    ) -> str:
        """Link the client with a purpose to a service; return a voucher for it.

        `subscription_id`: empty for the service's own, whose id is that of the service.
        """
        at = (self.stack.clock.now() - timedelta(days=1)).isoformat()
        service = ServiceId(service_id)
        purpose = PurposeId(purpose_id)
        await self.stack.app.repositories.voucher_clients.put(
            service,
            CLIENT_ID,
            purpose,
            lambda before: replace(
                linked(before, CLIENT_ID, purpose, service, keys, at, "MANAGE-sandbox"),
                subscription_id=subscription_id or service_id,
            ),
        )
        return self.voucher(purpose_id=purpose_id)


__all__ = ("CLIENT_ID", "OTHER_PURPOSE", "PURPOSE_ID", "URL", "VoucherSender")
