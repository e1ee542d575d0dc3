"""Take an offer, by its code."""

from lib.domain.identity.access import Access
from lib.domain.identity.acting import DelegationId
from lib.domain.parties.code import plain
from lib.domain.parties.delegation import Delegation
from lib.domain.parties.errors import OfferNotFoundError, OwnOfferError
from lib.domain.parties.held import Held, Lead
from lib.domain.shared.pseudonym import RotatingPseudonyms
from lib.domain.shared.values import Masked
from lib.ports.clock import Clock
from lib.repositories.parties.offers import Offers
from lib.repositories.parties.parties import Parties
from lib.repositories.profiles.delegate_flags import DelegateFlags
from lib.use_cases.parties.list_parties import ListParties, Party


class TakeOffer:
    """Make the person who has the code of an offer its delegate.

    Cost: three point reads and two writes; for a delegate who is told of messages one patch more.
    Concurrency: of two persons with one code, the first has the delegation, and the other is told
    that no offer is open. The same person may take it again. The lead is written first: a crash
    before the delegation leaves a lead that lists leave out. A lead to an offer that ended
    meanwhile, perhaps with its owner's account, is taken back. The flag in the owner's profile is
    written before the delegation too, so that no fan-out passes over a delegate.
    """

    def __init__(
        self,
        parties: Parties,
        offers: Offers,
        flags: DelegateFlags,
        list_parties: ListParties,
        hashes: RotatingPseudonyms,
        clock: Clock,
    ) -> None:
        self._parties = parties
        self._offers = offers
        self._flags = flags
        self._list = list_parties
        self._hashes = hashes
        self._clock = clock

    async def __call__(self, access: Access, code: str) -> Party:
        """Return the party for whom the person may act now.

        Raise OfferNotFoundError, OwnOfferError, TooManyPartiesError.
        """
        lead = await self._offers.find(self._hashes.all_of(plain(code)))
        if lead is None:
            raise OfferNotFoundError
        person, now = access.actor, self._clock.now()
        if lead.owner == access.subject:
            raise OwnOfferError
        name = Masked(f"{person.name} {person.family_name}".strip())
        # an offer that is not open leaves no lead
        open_ = await self._parties.given(lead.owner)
        taken = _found(open_.taken(lead.id, access.subject, name, now).find(lead.id))
        await self.lead(access, lead)
        if taken.terms.is_notified:
            await self._flags.set(lead.owner)
        try:
            given = await self._parties.change_given(
                lead.owner, lambda one: one.taken(lead.id, access.subject, name, now)
            )
        except OfferNotFoundError:
            found = (await self._parties.given(lead.owner)).find(lead.id)
            if found is None or not found.is_of(access.subject):
                ids = frozenset((lead.id,))
                await self._parties.change_held(access.subject, lambda held: held.without(ids))
            raise
        return Party(lead.owner, _found(given.find(lead.id)))

    async def lead(self, access: Access, lead: Lead) -> None:
        """Store the lead; those that lead nowhere any more make room.

        First their owners forget the delegations, which still name this person.
        """
        held = await self._parties.held(access.subject)
        dead = frozenset[DelegationId]()
        if held.is_full:
            live = {one.delegation.id for one in await self._list(access)}
            dead = frozenset(one.id for one in held.all if one.id not in live)
            now = self._clock.now()
            for owner in {one.owner for one in held.all if one.id in dead}:
                await self._parties.change_given(owner, lambda one: one.forgetting(dead, now))

        def including(one: Held) -> Held:
            return one.without(dead).including(lead)

        await self._parties.change_held(access.subject, including)


def _found(delegation: Delegation | None) -> Delegation:
    if delegation is None:
        raise OfferNotFoundError
    return delegation
