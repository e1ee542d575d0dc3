"""Links in e-mails, and the owners of e-mail addresses, for the tests of several areas."""

from collections.abc import Iterable

from lib.composition.secrets import links_of, pseudonyms_of
from lib.rendering.email.links import Purpose
from lib.use_cases.profiles.email_owners import EmailOwners
from tests.stack import Stack


def link_token(stack: Stack, purpose: Purpose, citizen: str, address: str) -> str:
    """Return the token of a link to the citizen's address, as the stack makes it now."""
    links = links_of(stack.app.settings)
    return links.make(purpose, citizen, address, stack.clock.now()).rpartition("/")[2]


def email_owners(stack: Stack) -> EmailOwners:
    """Return the owners of e-mail addresses in the stack's store."""
    repositories = stack.app.repositories
    return EmailOwners(
        repositories.email_addresses,
        repositories.profiles,
        stack.clock,
        pseudonyms_of(stack.app.settings),
    )


async def owners_of(stack: Stack, address: str, citizens: Iterable[str]) -> list[str]:
    """Return those of the citizens who claim the address, once for each secret in use."""
    owners = email_owners(stack)
    return [citizen for citizen in citizens for _ in await owners.claims_of(citizen, address)]
