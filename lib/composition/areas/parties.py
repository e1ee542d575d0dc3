"""Wires the use cases of parties."""

from lib.composition.repositories import Repositories
from lib.composition.secrets import key_hashes_of
from lib.composition.settings import Settings
from lib.composition.stacks import Ports
from lib.domain.shared.identifiers import FiscalCode
from lib.repositories.parties.offers import Offers
from lib.repositories.profiles.delegate_flags import DelegateFlags
from lib.use_cases.parties.admit_delegate import AdmitDelegate
from lib.use_cases.parties.end_delegation import EndDelegation
from lib.use_cases.parties.follow_register import FollowRegister, Tell
from lib.use_cases.parties.list_parties import ListParties
from lib.use_cases.parties.offer_delegation import OfferDelegation
from lib.use_cases.parties.take_offer import TakeOffer


class PartyUseCases:
    """The parties for whom citizens act, and the delegations that citizens give.

    `tell`: see FollowRegister.
    """

    def __init__(
        self, ports: Ports, settings: Settings, repositories: Repositories, tell: Tell
    ) -> None:
        clock, hashes, parties = ports.clock, key_hashes_of(settings), repositories.parties
        offers, flags = Offers(ports.store), DelegateFlags(ports.store)

        async def is_leaving(fiscal_code: FiscalCode) -> bool:
            # few calls ask a register, and only they import the repository
            return await repositories.erasures.is_leaving(fiscal_code)

        follow = FollowRegister(ports.representatives, parties, flags, is_leaving, tell, clock)
        self.admit = AdmitDelegate(parties, follow, clock)
        self.list = ListParties(parties, follow, clock)
        self.offer = OfferDelegation(parties, offers, hashes, clock)
        self.take = TakeOffer(parties, offers, flags, self.list, hashes, clock)
        self.end = EndDelegation(parties, flags, clock)
