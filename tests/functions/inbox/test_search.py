"""A citizen searches the inbox by words."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from infra.local.sandbox.seed import CITIZEN
from lib.adapters.embedded.clock import SystemClock
from lib.domain.inbox.words import plain_text, words_of
from lib.ports.schema.messages import MESSAGES
from lib.repositories.inbox import inbox
from tests.builders.inboxes import SERVICES
from tests.builders.messages import a_message
from tests.builders.payments import a_payment
from tests.builders.profiles import OTHER_CITIZEN
from tests.doubles.counted_stack import CountedStack
from tests.functions.inbox.search_calls import MANY, deliver, found, search, with_index
from tests.functions.messages.inbox_calls import change
from tests.functions.messages.withdrawal_calls import withdraw
from tests.stack import Stack

FILTERS: tuple[dict[str, Any], ...] = (
    {},
    {"unread": True},
    {"archived": True},
    {"sender_service_id": "imu"},
)
WORDS = ("tari", "tariffa", "imu", "scuola", "mensa", "com", "comunale", "che")
TEXT = (
    "Le comunichiamo l'esito **favorevole** della pràtica [qui](https://nascosto.example/x). " * 2
)


async def one(stack: Stack, **content: Any) -> str:
    """Deliver a message with a content; return its id."""
    given = {"markdown": TEXT, **content}
    return await stack.deliver(content=a_message(content=given)["content"])


@pytest.mark.parametrize("is_large", [False, True])
@pytest.mark.parametrize(
    ("q", "is_found"),
    [
        ("favorevole", True),
        ("ESITO Favorévole", True),
        ("pratica esi", True),
        ("pratica esito x", False),
        ("esi pratica", False),
        ("l'esito", True),
        ("della", True),
        ("le", True),
        ("Strassenreinigung", True),
        ("straßenreinigung 2026", True),
        ("302000000000000184", True),
        ("3020 0000 0000 0001 84", True),
        ("00000000000184", False),
        ("esempio", True),
        ("tassa sui rif", True),
        ("nascosto", False),
        ("altro", False),
    ],
)
async def test_words_are_found_without_case_and_accents(
    stack: Stack, q: str, *, is_found: bool, is_large: bool
) -> None:
    """In title, text, names of the sender and notice number; with and without an index."""
    if is_large:
        await deliver(stack, 0, ["Un testo che non ha nessuna di quelle parole. " * 3] * MANY)
    payment = a_payment(notice_number="302000000000000184")
    id_ = await one(stack, subject="Straßenreinigung 2026", payment_data=payment)
    if is_large:
        await with_index(stack)

    assert (id_ in await found(stack, q)) is is_found


async def test_a_message_is_found_in_each_of_its_languages(stack: Stack) -> None:
    """By the words of its variants, whatever language its citizen reads."""
    german = {"subject": "Abfallgebühr", "markdown": "Die Gebühr ist fällig. " * 9}
    id_ = await one(stack, variants={"de_DE": german})

    for q in ("favorevole", "abfallgebuhr", "gebühr fällig"):
        assert [id_] == await found(stack, q)


@pytest.mark.parametrize("q", ["?!", " ", "", "x" * 201])
async def test_a_search_without_a_word_is_refused(stack: Stack, q: str) -> None:
    """The answer names the member."""
    reply = await stack.call("search_inbox", {"filter": {"q": q}}, citizen=CITIZEN)

    assert reply.status == 400
    assert reply.body["errors"][0]["pointer"] == "/filter/q"


async def test_only_the_own_inbox_is_searched(stack: Stack) -> None:
    """Another citizen's messages are in no answer."""
    await stack.deliver(fiscal_code=OTHER_CITIZEN)

    assert (await search(stack, "rifiuti"))["items"] == []
    assert len((await search(stack, "rifiuti", citizen=OTHER_CITIZEN))["items"]) == 1


@pytest.mark.parametrize("is_large", [False, True])
async def test_the_present_state_of_a_message_counts(stack: Stack, *, is_large: bool) -> None:
    """Bin, archive and withdrawal: at once, whatever the index has."""
    if is_large:
        await deliver(stack, 0, ["Un testo che non ha nessuna di quelle parole. " * 3] * MANY)
    binned, archived, read, unread = [await one(stack) for _ in range(4)]
    if is_large:
        await with_index(stack)
    everyone = {unread, read, archived, binned}
    assert set(await found(stack, "favorevole")) == everyone

    await change(stack, binned, change_type="binning", is_binned=True)
    await change(stack, archived, change_type="archiving", is_archived=True)
    await change(stack, read, change_type="reading", is_read=True)
    for id_ in (read, unread):
        assert (await withdraw(stack, id_)).status < 300

    async def places() -> list[list[str]]:
        return [
            await found(stack, "favorevole"),
            await found(stack, "favorevole", archived=True),
            await found(stack, "favorevole", binned=True),
            await found(stack, "importo sbagliato"),
        ]

    expected = [[], [archived], [binned], [read]]
    assert expected == await places()
    if is_large:
        await with_index(stack)
    assert expected == await places()


async def test_a_search_is_changed_as_a_whole(stack: Stack) -> None:
    """The call for many messages takes the words, too."""
    ids = [await one(stack) for _ in range(3)]
    await stack.deliver()
    body = {
        "change": {"change_type": "archiving", "is_archived": True},
        "filter": {"q": "pratica"},
    }

    reply = await stack.call("change_many_messages", body, citizen=CITIZEN)

    assert ids[::-1] == [one["id"] for one in reply.body["items"]]
    assert ids[::-1] == await found(stack, "esito", archived=True)


@given(data=st.data())
@settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@pytest.mark.parametrize("is_indexed", [False, True])
async def test_a_walk_of_a_search_shows_each_message_once(
    stack: Stack, data: st.DataObject, *, is_indexed: bool
) -> None:
    """Both directions, any page size, any filters, and messages that come during the walk."""
    # a text follows from its number, so that repeated examples write the same messages
    texts = [
        " ".join(word for i, word in enumerate(WORDS) if (n * 37 + 11) >> i & 1) or "x"
        for n in range(MANY + 20)
    ]
    old, new = texts[:MANY], texts[MANY:]
    ids = await deliver(stack, 0, old)
    if is_indexed:
        await with_index(stack)
    q = " ".join(data.draw(st.lists(st.sampled_from(WORDS), min_size=1, max_size=3)))
    q += data.draw(st.sampled_from(("", " t", " co", " tar")))
    filters: dict[str, Any] = data.draw(st.sampled_from(FILTERS))
    size = data.draw(st.integers(1, 30))

    def expected(count: int) -> list[str]:
        *whole, prefix = q.split()
        names = "messaggio numero comune"
        matching = [
            n
            for n, text in enumerate(texts[:count])
            if set(whole) <= (words := {*f"{text} {names} {SERVICES[n % 3]} {n}".split()})
            and any(word.startswith(prefix) for word in words)
            and (n % 11 == 0) == ("archived" in filters)
            and (n % 7 == 0 or "unread" not in filters)
            and (n % 3 == 1 or "sender_service_id" not in filters)
        ]
        return [ids[n] for n in reversed(matching)]

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(inbox, "MOST_FOUND", data.draw(st.sampled_from((10, 200))))
        start = data.draw(st.integers(0, len(texts) - 1))
        first = await search(stack, q, page={"page_size": size}, **filters)
        ids += await deliver(stack, MANY, new)
        rest = await _older(stack, q, size, first.get("next", ""), filters)
        whole = await found(stack, q, size, **filters)
        newer = await found(stack, q, size, newer_than=ids[start], **filters)
    for id_ in ids[MANY:]:
        await stack.store.delete(MESSAGES, CITIZEN, id_)

    assert expected(MANY) == [item["id"] for item in first["items"]] + rest
    assert expected(len(ids)) == whole
    assert [id_ for id_ in whole if id_ > ids[start]] == newer


async def _older(stack: Stack, q: str, size: int, bound: str, filters: dict[str, Any]) -> list[str]:
    ids: list[str] = []
    while bound:
        page = await search(stack, q, page={"page_size": size, "maximum_id": bound}, **filters)
        ids += [item["id"] for item in page["items"]]
        bound = page.get("next", "")
    return ids


async def test_markdown_is_read_as_it_is_shown() -> None:
    """Without markup, addresses of links, and the block of IO's buttons."""
    shown = plain_text(
        "---\nit:\n  cta_1:\n    text: Paga\n    action: iohandledlink://x\n---\r\n"
        '# Ti**to**lo\n![un\'immagine](https://a.example/(1) "t") &egrave; `codice` \\*\n'
    )

    assert words_of([shown]) == {"titolo", "un", "immagine", "e", "codice"}


async def test_the_operations_of_a_search_are_counted(counted: CountedStack) -> None:
    """A small inbox: one query. With an index: two queries, and one read for each message."""
    await search(counted, "rifiuti")
    counted.reset()
    await search(counted, "rifiuti")
    assert counted.searches(queries=1, read=1) == counted.documents

    if counted.on_the_wire:
        # the emulator has a clock of its own
        counted.clock.moment = SystemClock().now()
    await deliver(
        counted, 0, [f"Testo {'raro' if n == 7 else 'comune'} e altro " for n in range(MANY)]
    )
    await with_index(counted)
    counted.reset()
    assert len((await search(counted, "raro"))["items"]) == 1
    assert counted.searches(queries=2, read=2) == counted.documents
    assert not counted.queues
