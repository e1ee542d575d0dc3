"""The links of e-mails open for one purpose alone."""

import itertools
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from lib.domain.identity.acting import DelegationId
from lib.domain.shared.identifiers import MessageId, ServiceId
from lib.rendering.email.links import VALIDATION_LIFE, Links
from tests.unit.rendering.mails import ADDRESS, CITIZEN, LINKS, NOW


def token_of(link: str) -> str:
    """Return the token at a link's end."""
    return link.rpartition("/")[2]


def test_a_link_says_nothing_and_opens_for_its_purpose_alone() -> None:
    """Sealed, of the length of a line or two, and of no use for anything else."""
    link = LINKS.make("unsubscribe", CITIZEN, ADDRESS, NOW, ServiceId("a-service"))
    token = token_of(link)

    assert link.startswith("https://recapito.example/api/mail/v1/unsubscribe/")
    assert len(link) < 400
    assert not any(said in link for said in (CITIZEN, "emails", "a-service"))
    grant = LINKS.read("unsubscribe", token, NOW + timedelta(days=3650))
    assert grant is not None
    assert (grant.fiscal_code, grant.service_id) == (CITIZEN, "a-service")
    assert grant.address == LINKS.fingerprint(ADDRESS) != LINKS.fingerprint("other@example.org")
    assert CITIZEN not in repr(grant)
    assert LINKS.read("validate", token, NOW) is None
    assert Links(b"another-secret-of-tests", "https://x").read("unsubscribe", token, NOW) is None


def test_a_link_opens_the_right_inbox() -> None:
    """Without an address of the app, it has the addresses of the inbox on this origin."""
    id_, other = MessageId("01J0000000000000000000000A"), DelegationId("01J0000000000000000000000B")
    app = Links(b"a-secret-of-the-tests", "https://recapito.example", opens="https://app.example")

    assert LINKS.opening(id_, None) == f"https://recapito.example/inbox/messages/{id_}"
    assert LINKS.opening(id_, other) == f"https://recapito.example/inbox/as/{other}/messages/{id_}"
    assert LINKS.opening(id_, None, is_list=True) == "https://recapito.example/inbox/"
    assert LINKS.opening(MessageId("a/b?c#d"), None).endswith("/inbox/messages/a%2Fb%3Fc%23d")
    assert LINKS.profile() == "https://recapito.example/inbox/profile"
    assert app.opening(id_, None, is_list=True) == f"https://app.example?message_id={id_}"
    assert app.profile() == "https://app.example"


def test_a_validation_link_ends() -> None:
    """It ends after a day, by the app's clock."""
    token = token_of(LINKS.make("validate", CITIZEN, ADDRESS, NOW))

    assert LINKS.read("validate", token, NOW + VALIDATION_LIFE) is not None
    assert LINKS.read("validate", token, NOW + VALIDATION_LIFE + timedelta(seconds=1)) is None


@given(token=st.one_of(st.text(max_size=50), st.binary(max_size=300).map(lambda b: b.hex())))
def test_another_text_than_a_token_opens_nothing(token: str) -> None:
    """Any other text opens nothing, without an error."""
    for purpose in ("unsubscribe", "validate"):
        assert LINKS.read(purpose, token, NOW) is None


def test_a_token_with_one_character_changed_opens_nothing() -> None:
    """The rule holds for a change at each place."""
    token = token_of(LINKS.make("unsubscribe", CITIZEN, ADDRESS, NOW))

    for index, letter in itertools.product(range(0, len(token) - 1, 7), "Ab"):
        if token[index] != letter:
            changed = token[:index] + letter + token[index + 1 :]
            assert LINKS.read("unsubscribe", changed, NOW) is None
