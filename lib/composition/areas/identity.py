"""Wires the use cases of identity."""

from lib.composition.repositories import Repositories
from lib.composition.secrets import gateway_secrets_of, key_hashes_of
from lib.composition.settings import Settings
from lib.composition.settings.tokens import rules_of
from lib.composition.stacks import Ports
from lib.use_cases.identity.authenticate_citizen import AuthenticateCitizen
from lib.use_cases.identity.authenticate_gateway import AuthenticateGateway
from lib.use_cases.identity.authenticate_key import AuthenticateKey
from lib.use_cases.identity.vouchers.authenticate_voucher import AuthenticateVoucher, VoucherRules
from lib.use_cases.identity.vouchers.check_request import CheckRequest
from lib.use_cases.identity.vouchers.keep_evidence import KeepEvidence


class IdentityUseCases:
    """The callers of the app: senders by key or voucher, citizens by token."""

    def __init__(self, ports: Ports, settings: Settings, repositories: Repositories) -> None:
        self.authenticate_key = AuthenticateKey(
            repositories.key_holders, key_hashes_of(settings), ports.clock
        )
        self.authenticate_gateway = AuthenticateGateway(
            repositories.key_holders, gateway_secrets_of(settings), ports.clock
        )
        self.authenticate_citizen = AuthenticateCitizen(
            ports.keys,
            ports.clock,
            issuer=settings.citizen_token_issuer,
            audience=settings.citizen_token_audience,
            rules=rules_of(settings),
        )
        audiences = settings.voucher_audiences
        self.authenticate_voucher = AuthenticateVoucher(
            ports.authority,
            VoucherRules(
                settings.voucher_issuer,
                audiences,
                settings.proven_bases,
                is_local=settings.sandbox,
            ),
            repositories.voucher_clients,
            repositories.key_holders,
            ports.clock,
        )
        self.check_request = CheckRequest(
            ports.client_keys,
            audiences,
            ports.clock,
            is_required=settings.voucher_integrity_required,
        )
        self.evidence = KeepEvidence(repositories.evidence, ports.clock)
