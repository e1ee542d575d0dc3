"""A message in several languages: each citizen gets the first of the own languages there is."""

import pytest

from infra.local.sandbox.seed import CITIZEN, EMAIL_CITIZEN
from tests.builders.messages import MARKDOWN, a_message
from tests.builders.profiles import with_profile
from tests.functions.messages.inbox_calls import page
from tests.functions.messages.scheduled_calls import AHEAD, SET_TIME, schedule
from tests.functions.messages.variant_calls import GERMAN, SLOVENE, VARIANTS, translated
from tests.stack import Reply, Stack
from tests.stored import stored_message


async def read(stack: Stack, id_: str, accept: str | None = None, **query: str) -> Reply:
    """Open the message."""
    headers = {} if accept is None else {"accept-language": accept}
    reply = await stack.call(
        "read_message", path={"id": id_}, query=query, headers=headers, citizen=CITIZEN
    )
    assert reply.status == 200, reply
    assert not {"variants", "second_language"} & reply.body["content"].keys()
    return reply


@pytest.mark.parametrize(
    ("chosen", "accept", "language", "subject"),
    [
        (["de_DE", "it_IT"], None, "de_DE", GERMAN["subject"]),
        (["fr_FR", "sl_SI", "de_DE"], "de", "sl_SI", SLOVENE["subject"]),
        (["it_IT", "de_DE"], "de", "it_IT", "Tassa sui rifiuti"),
        ([], "fr, sl-SI;q=0.9, de;q=0.5", "sl_SI", SLOVENE["subject"]),
        (["fr_FR"], "de", "de_DE", GERMAN["subject"]),
        (["fr_FR"], None, "it_IT", "Tassa sui rifiuti"),
        ([], "it, de", "it_IT", "Tassa sui rifiuti"),
    ],
)
async def test_profile_then_browser_then_italian(
    stack: Stack, chosen: list[str], accept: str | None, language: str, subject: str
) -> None:
    """List, message and changes agree, and the answer says which language it has."""
    await with_profile(stack, languages=chosen or None)
    id_ = await stack.deliver(**translated())
    headers = {} if accept is None else {"accept-language": accept}

    reply = await read(stack, id_, accept, public_message="true")
    query = {"enrich_result_data": "true"}
    listed = await stack.call("list_inbox", query=query, headers=headers, citizen=CITIZEN)
    changes = await stack.call("list_inbox_changes", headers=headers, citizen=CITIZEN)

    assert (reply.body["language"], reply.body["content"]["subject"]) == (language, subject)
    assert reply.headers["Content-Language"] == language.replace("_", "-")
    assert reply.body["languages"] == ["it_IT", "de_DE", "sl_SI"]
    assert reply.body["message_title"] == subject
    assert listed.body["items"][0]["message_title"] == subject
    assert changes.body["items"][0]["message"]["message_title"] == subject


async def test_a_citizen_may_ask_for_another_language(stack: Stack) -> None:
    """A language that the sender did not write in changes nothing."""
    await with_profile(stack, languages=["de_DE"])
    id_ = await stack.deliver(**translated())

    subjects = {
        one: (await read(stack, id_, language=one)).body["content"]["subject"]
        for one in ("it_IT", "sl_SI", "fr_FR")
    }

    assert subjects == {
        "it_IT": "Tassa sui rifiuti",
        "sl_SI": SLOVENE["subject"],
        "fr_FR": GERMAN["subject"],
    }


async def test_push_and_e_mail_have_the_subject_of_the_variant(stack: Stack) -> None:
    """They are sent in the citizen's language, and so is what they name."""
    await with_profile(stack, EMAIL_CITIZEN, languages=["sl_SI"])
    await stack.deliver(fiscal_code=EMAIL_CITIZEN, **translated())

    (push,), (mail,) = stack.push.sent, stack.mailer.sent
    assert push.body == SLOVENE["subject"]
    assert mail.subject == f"Comune di Esempio: {SLOVENE['subject']}"
    assert mail.language == "sl"


async def test_an_e_mail_has_the_two_languages_of_its_sender(stack: Stack) -> None:
    """The citizen's language comes first; a paper for an Italian citizen has the second too."""
    await with_profile(stack, EMAIL_CITIZEN, languages=["it_IT"])
    await stack.deliver(fiscal_code=EMAIL_CITIZEN, **translated(second_language="de_DE"))
    await with_profile(stack, EMAIL_CITIZEN, languages=["de_DE"])
    await stack.deliver(fiscal_code=EMAIL_CITIZEN, **translated(second_language="de_DE"))

    italian, german = stack.mailer.sent
    for mail in (italian, german):
        assert "Ente: Comune di Esempio" in mail.text
        assert "Behörde: Comune di Esempio" in mail.text
        assert mail.html.count('<td class="text') == 2
    assert (italian.language, german.language) == ("it", "de")
    assert german.subject == f"Comune di Esempio: {GERMAN['subject']}"


async def test_io_s_sender_reads_io_s_content(stack: Stack) -> None:
    """The sender reads its variants where it asks for them, and learns no language."""
    await with_profile(stack, languages=["de_DE"])
    id_ = await stack.deliver(**translated(second_language="de_DE"))
    path = {"fiscal_code": CITIZEN, "id": id_}

    plain = (await stack.call("read_sent_message", path=path)).body["message"]["content"]
    headers = {"prefer": "include=variants"}
    full = await stack.call("read_sent_message", path=path, headers=headers)

    assert plain == {"subject": "Tassa sui rifiuti", "markdown": MARKDOWN}
    assert full.body["message"]["content"] == plain | {
        "variants": VARIANTS,
        "second_language": "de_DE",
    }


async def test_a_key_stands_for_its_variants_too(stack: Stack) -> None:
    """The same key with another translation is another request."""
    key = {"idempotency-key": "2027-tari-1"}
    first = await stack.call("submit_message", a_message(**translated()), headers=key)
    again = await stack.call("submit_message", a_message(**translated()), headers=key)
    other = a_message(content={"variants": {"de_DE": GERMAN}})
    refused = await stack.call("submit_message", other, headers=key)

    assert (first.body, refused.status) == (again.body, 422)


async def test_a_scheduled_message_keeps_its_variants(stack: Stack) -> None:
    """The language is chosen when it is delivered."""
    id_ = await schedule(stack, **translated())
    await with_profile(stack, languages=["de_DE"])
    stack.clock.advance(AHEAD)
    await stack.live_until(SET_TIME)
    await stack.tick()

    assert (await read(stack, id_)).body["content"]["subject"] == GERMAN["subject"]


async def test_a_withdrawn_message_says_so_in_each_language(stack: Stack) -> None:
    """The fact stands above the variant."""
    await with_profile(stack, languages=["de_DE"])
    id_ = await stack.deliver(**translated())
    await stack.call(
        "change_message_status",
        {"change_type": "reading", "is_read": True},
        path={"id": id_},
        citizen=CITIZEN,
    )
    path = {"fiscal_code": CITIZEN, "id": id_}
    await stack.call("withdraw_message", {"reason": "Betrag falsch berechnet"}, path=path)
    await stack.drain()

    markdown = (await read(stack, id_)).body["content"]["markdown"]
    assert "zurückgezogen" in markdown
    assert GERMAN["markdown"].strip() in markdown


async def test_a_message_of_an_earlier_release_is_read(stack: Stack) -> None:
    """It has no language, and no answer names one."""
    id_ = await stack.deliver()

    stored = await stored_message(stack, id_)
    reply = await read(stack, id_, "de", language="de_DE")

    assert (stored.language, stored.titles) == (None, None)
    assert not {"language", "languages"} & reply.body.keys()
    assert "Content-Language" not in reply.headers
    assert (await page(stack))["items"][0]["id"] == id_


async def test_the_titles_go_when_the_language_is_chosen(stack: Stack) -> None:
    """They are stored for the list only while the reader's browser decides."""
    silent = await stack.deliver(**translated())
    await with_profile(stack, languages=["de_DE"])
    chosen = await stack.deliver(**translated())

    assert (await stored_message(stack, silent)).titles == {
        "de_DE": GERMAN["subject"],
        "sl_SI": SLOVENE["subject"],
    }
    message = await stored_message(stack, chosen)
    assert (message.titles, message.language, message.title) == (
        None,
        "de_DE",
        GERMAN["subject"],
    )
