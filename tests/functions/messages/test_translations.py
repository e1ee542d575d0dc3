"""A citizen has a message translated by machine; the service answers later, or not at all."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from infra.local.sandbox.seed import CITIZEN
from lib.domain.messages.words.translation import GIVE_UP, MOST_TRANSLATED
from lib.use_cases.messages.translations.tickets import LIFE
from tests.builders.profiles import OTHER_CITIZEN, with_profile
from tests.doubles.translator import Engine
from tests.functions.messages.variant_calls import translated
from tests.stack import Reply, Stack
from tests.stored import stored_message

FORM = {"content-type": "application/x-www-form-urlencoded"}
LONG = "\n\n".join(f"Capoverso {number}: {'testo ' * 40}" for number in range(36))


@pytest.fixture
def engine() -> Engine:
    """Return a service."""
    return Engine()


@pytest.fixture
async def stack(tmp_path: Path, engine: Engine) -> AsyncIterator[Stack]:
    """Yield a stack with the service."""
    stack = await Stack(tmp_path, translator=engine).start()
    yield stack
    await stack.app.close()


async def ask(stack: Stack, id_: str, language: str = "en_GB", citizen: str = CITIZEN) -> Reply:
    """Ask for a translation."""
    body = {"language": language}
    return await stack.call("ask_translation", body, path={"id": id_}, citizen=citizen)


async def answer(stack: Stack, address: str, **form: str) -> Reply:
    """Answer as the service does."""
    ticket = address.rpartition("/")[2]
    content = urlencode({name.replace("_", "-"): text for name, text in form.items()}).encode()
    return await stack.call(
        "take_translation", content, path={"token": ticket}, headers=FORM, key=None
    )


async def answer_all(stack: Stack, engine: Engine) -> None:
    """Answer each request so far, the last one first."""
    for text, _, _, address in reversed(engine.asked):
        assert (await answer(stack, address, translated_text=f"EN {text}")).status == 200


async def read(stack: Stack, id_: str, **query: str) -> Any:
    """Open the message."""
    query = {"public_message": "true", **query}
    return (await stack.call("read_message", path={"id": id_}, query=query, citizen=CITIZEN)).body


async def test_a_translation_lands_and_is_marked(stack: Stack, engine: Engine) -> None:
    """Only the text leaves; what comes back stands beside the sender's text."""
    id_ = await stack.deliver()
    asked = await ask(stack, id_)
    assert (asked.status, asked.body["status"], asked.body["engine"]) == (202, "PENDING", "Test")
    assert (await read(stack, id_, language="en_GB"))["content"]["subject"] == "Tassa sui rifiuti"

    stack.clock.advance(timedelta(minutes=2))
    await answer_all(stack, engine)

    english = await read(stack, id_, language="en_GB")
    assert english["content"]["subject"] == english["message_title"] == "EN Tassa sui rifiuti"
    assert english["content"]["markdown"].startswith("EN ")
    assert english["language"] == "en_GB"
    assert english["translation"] == {
        "language": "en_GB",
        "status": "DONE",
        "engine": "Test",
        "asked_at": "2026-11-23T09:00:00.000Z",
        "translated_at": "2026-11-23T09:02:00.000Z",
        "is_by_machine": True,
    }
    again = await ask(stack, id_)
    assert (again.status, again.body["status"], len(engine.asked)) == (200, "DONE", 2)
    assert "translation" not in await read(stack, id_)
    for text, source, target, address in engine.asked:
        assert (source, target) == ("it_IT", "en_GB")
        assert CITIZEN not in text + address
        assert "Comune di Esempio" not in text


async def test_a_long_text_goes_out_in_pieces(stack: Stack, engine: Engine) -> None:
    """The pieces come back in any order, and stand in their own."""
    id_ = await stack.deliver(content={"markdown": LONG})
    await ask(stack, id_)
    assert len(engine.asked) == 3

    await answer_all(stack, engine)

    markdown = (await read(stack, id_, language="en_GB"))["content"]["markdown"]
    assert markdown.replace("EN ", "") == LONG


async def test_an_answer_that_comes_twice_or_late_changes_nothing(
    stack: Stack, engine: Engine
) -> None:
    """The first answer counts, and a former request counts no more."""
    id_ = await stack.deliver()
    await ask(stack, id_)
    stack.clock.advance(GIVE_UP)
    assert (await ask(stack, id_)).status == 202
    former, current = engine.asked[:2], engine.asked[2:]

    for _, _, _, address in former:
        assert (await answer(stack, address, translated_text="former")).status == 200
    assert (await stored_message(stack, id_)).translations["en_GB"].status == "PENDING"
    for _, _, _, address in current:
        for text in ("first", "second"):
            await answer(stack, address, translated_text=text)
        await answer(stack, address, error_code="-20001")

    content = (await read(stack, id_, language="en_GB"))["content"]
    assert (content["subject"], content["markdown"]) == ("first", "first")
    stack.clock.advance(LIFE + timedelta(seconds=1))
    assert (await answer(stack, current[0][3], translated_text="x")).status == 404


@pytest.mark.parametrize("ticket", ["nonsense", "x" * 2000, "%00", "à"])
async def test_nobody_can_guess_an_address(stack: Stack, ticket: str) -> None:
    """A ticket of another installation is none."""
    reply = await answer(stack, f"/{ticket}", translated_text="x")

    assert reply.status in {400, 404}


@pytest.mark.parametrize(
    "form", [{"error_code": "-20001"}, {"translated_text": " "}, {"x": "y"}, {}]
)
async def test_a_failure_can_be_asked_for_again(
    stack: Stack, engine: Engine, form: dict[str, str]
) -> None:
    """The citizen reads that it failed; the next request asks anew."""
    id_ = await stack.deliver()
    await ask(stack, id_)
    await answer(stack, engine.asked[0][3], **form)
    assert (await stored_message(stack, id_)).translations["en_GB"].status == "FAILED"

    again = await ask(stack, id_)
    await answer_all(stack, engine)

    assert (again.status, again.body["status"]) == (202, "PENDING")
    assert (await ask(stack, id_)).body["status"] == "DONE"


async def test_a_text_without_end_is_no_translation(stack: Stack, engine: Engine) -> None:
    """What the service sends has a limit."""
    id_ = await stack.deliver()
    await ask(stack, id_)

    await answer(stack, engine.asked[1][3], translated_text="x" * (MOST_TRANSLATED + 1))

    assert (await stored_message(stack, id_)).translations["en_GB"].status == "FAILED"


async def test_an_outage_is_told_and_leaves_nothing_pending(stack: Stack, engine: Engine) -> None:
    """The citizen may ask again at once."""
    id_ = await stack.deliver()
    engine.is_away = True
    assert (await ask(stack, id_)).status == 503

    engine.is_away = False
    assert (await ask(stack, id_)).status == 202


async def test_who_may_have_what_translated(stack: Stack, engine: Engine) -> None:
    """Nothing leaves of confidential or forbidden messages, and of those of others."""
    allowed = await stack.deliver(**translated())
    forbidden = await stack.deliver(content={"may_be_translated": False})
    secure = await stack.deliver(content={"require_secure_channels": True})

    assert (await ask(stack, forbidden)).status == 403
    assert (await ask(stack, secure)).status == 403
    assert (await ask(stack, allowed, "de_DE")).status == 409
    assert (await ask(stack, allowed, "it_IT")).status == 409
    assert (await ask(stack, allowed, "lld_IT")).status == 400
    assert (await ask(stack, allowed, citizen=OTHER_CITIZEN)).status == 404
    assert engine.asked == []
    assert "may_be_translated" not in (await read(stack, forbidden))["content"]


async def test_without_a_service_there_are_no_translations(tmp_path: Path) -> None:
    """An operator without an account offers none."""
    stack = await Stack(tmp_path, translator=None).start()
    id_ = await stack.deliver()

    assert (await ask(stack, id_)).status == 404
    await stack.app.close()


async def test_a_variant_goes_before_a_translation(stack: Stack, engine: Engine) -> None:
    """A profile's language never chooses a translation by itself."""
    await with_profile(stack, languages=["en_GB"])
    id_ = await stack.deliver(**translated())
    await ask(stack, id_)
    await answer_all(stack, engine)

    assert (await read(stack, id_))["language"] == "it_IT"
    assert (await read(stack, id_, language="en_GB"))["language"] == "en_GB"
