"""Wires the use cases of identity."""

from functools import cached_property
from typing import TYPE_CHECKING

from lib.composition.repositories import Repositories
from lib.composition.secrets import gateway_secrets_of, key_hashes_of
from lib.composition.settings import Settings
from lib.composition.settings.tokens import rules_of
from lib.composition.stacks import Ports
from lib.use_cases.identity.authenticate_gateway import AuthenticateGateway
from lib.use_cases.identity.authenticate_key import AuthenticateKey

if TYPE_CHECKING:
    from lib.use_cases.identity.authenticate_citizen import AuthenticateCitizen
    from lib.use_cases.identity.publish_relying_party import PublishRelyingParty
    from lib.use_cases.identity.vouchers.authenticate_voucher import AuthenticateVoucher
    from lib.use_cases.identity.vouchers.check_request import CheckRequest
    from lib.use_cases.identity.vouchers.keep_evidence import KeepEvidence


class IdentityUseCases:
    """The callers of the app: senders by key or voucher, citizens by token.

    The use cases of tokens are imported at their first use, with the libraries for signatures.
    """

    def __init__(self, ports: Ports, settings: Settings, repositories: Repositories) -> None:
        self._ports = ports
        self._settings = settings
        self._repositories = repositories
        self.authenticate_key = AuthenticateKey(
            repositories.key_holders, key_hashes_of(settings), ports.clock
        )
        self.authenticate_gateway = AuthenticateGateway(
            repositories.key_holders, gateway_secrets_of(settings), ports.clock
        )

    @cached_property
    def authenticate_citizen(self) -> "AuthenticateCitizen":
        from lib.use_cases.identity.authenticate_citizen import AuthenticateCitizen

        settings = self._settings
        return AuthenticateCitizen(
            self._ports.keys,
            self._ports.clock,
            issuer=settings.citizen_token_issuer,
            audience=settings.citizen_token_audience,
            rules=rules_of(settings),
        )

    @cached_property
    def authenticate_voucher(self) -> "AuthenticateVoucher":
        from lib.use_cases.identity.vouchers.authenticate_voucher import (
            AuthenticateVoucher,
            VoucherRules,
        )

        settings = self._settings
        rules = VoucherRules(
            settings.voucher_issuer,
            settings.voucher_audiences,
            settings.proven_bases,
            is_local=settings.sandbox,
        )
        return AuthenticateVoucher(
            self._ports.authority,
            rules,
            self._repositories.voucher_clients,
            self._repositories.key_holders,
            self._ports.clock,
        )

    @cached_property
    def publish_relying_party(self) -> "PublishRelyingParty":
        from lib.use_cases.identity.publish_relying_party import PublishRelyingParty

        return PublishRelyingParty(self._ports.relying_party)

    @cached_property
    def check_request(self) -> "CheckRequest":
        from lib.use_cases.identity.vouchers.check_request import CheckRequest

        return CheckRequest(
            self._ports.client_keys,
            self._settings.voucher_audiences,
            self._ports.clock,
            is_required=self._settings.voucher_integrity_required,
        )

    @cached_property
    def evidence(self) -> "KeepEvidence":
        from lib.use_cases.identity.vouchers.keep_evidence import KeepEvidence

        return KeepEvidence(self._repositories.evidence, self._ports.clock)
