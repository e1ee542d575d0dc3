"""Queue items, as older and newer versions of the app write and read them."""

import json

import pytest
from pydantic import ValidationError

from lib.domain.shared.identifiers import MessageId
from lib.ports.queueing.item import renewed
from lib.ports.queueing.items.messages import MessageSubmitted
from lib.repositories.operations.dead_letters import dead_letter_id
from tests.builders.messages import submitted

ITEM = submitted(MessageId("01KCCZ1B2C3D4E5F6G7H8J9KMN"))
STAMP = {
    "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    "due": 1795424400.25,
}


def test_a_renewed_item_has_the_stamp_it_is_given_and_no_older_one() -> None:
    """The item belongs to the trace of the process that queues it now."""
    text = ITEM.model_copy(update={"attempt": 3, "first_seen": 1.5, **STAMP}).text()

    assert renewed(text, {}) == ITEM.text()
    assert MessageSubmitted.model_validate_json(renewed(text, {"due": 7.0})) == ITEM.model_copy(
        update={"due": 7.0}
    )


def test_items_of_other_versions_are_read() -> None:
    """A newer version's members are kept as they are, an older one's absence is a default."""
    newer = {**json.loads(ITEM.text()), "priority": {"level": 3}}

    item = MessageSubmitted.model_validate_json(json.dumps(newer))

    assert (item.fiscal_code, item.message_id) == (ITEM.fiscal_code, ITEM.message_id)
    requeued = json.loads(item.model_copy(update={"attempt": 1}).text())
    assert requeued == {**newer, "attempt": 1}
    assert ITEM.text() == (
        f'{{"fiscal_code":"{ITEM.fiscal_code}","message_id":"{ITEM.message_id}",'
        '"service_id":"sandbox-service"}'
    )


def test_a_dead_letter_has_one_id_whatever_its_trace() -> None:
    """An item that was queued twice, once with a trace and once without, is one letter."""
    traced = ITEM.model_copy(update=STAMP)
    requeued = ITEM.model_copy(update={"attempt": 1, "first_seen": 1795424400.25})

    assert dead_letter_id("a", ITEM.text()) == dead_letter_id("a", traced.text())
    assert dead_letter_id("a", requeued.text()) == dead_letter_id(
        "a", requeued.model_copy(update=STAMP).text()
    )
    assert dead_letter_id("a", ITEM.text()) != dead_letter_id("a", requeued.text())
    assert dead_letter_id("a", "not json") != dead_letter_id("b", "not json")


@pytest.mark.parametrize("text", ['{"a":"\\ud800"}', "[" * 40_000, "è", "", '{"a":1,"a":2}'])
def test_any_queued_text_has_a_dead_letter_id_and_can_be_renewed(text: str) -> None:
    """A text that is no item of the app is kept as a dead letter too, with an id."""
    assert len(dead_letter_id("a", text)) == 32
    renewed(text, {}).encode()


@pytest.mark.parametrize("member", ["due", "first_seen"])
@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e400"])
def test_an_item_s_time_is_a_finite_number(member: str, number: str) -> None:
    """Another number would put the item back for ever."""
    text = ITEM.text().replace("{", f'{{"{member}":{number},', 1)

    with pytest.raises(ValidationError):
        MessageSubmitted.model_validate_json(text)
