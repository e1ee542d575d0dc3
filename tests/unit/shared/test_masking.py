"""Every text with the form of a fiscal code is masked before it leaves the app."""

import base64
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opentelemetry._logs import LogRecord
from opentelemetry.trace import Link, SpanContext, StatusCode
from ulid import ULID

from lib.domain.shared.identifiers import FISCAL_CODE_PATTERN
from lib.telemetry.masking import STARS, mask, masked
from tests.doubles.telemetry import Kept

CODE = "RSSMRA80A01H501U"
ENCODED = "".join(f"%{ord(one):02X}" for one in CODE)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (CODE, STARS),
        (CODE.lower(), STARS),
        (f"TINIT-{CODE}", f"TINIT-{STARS}"),
        (f"no profile for {CODE}, nor {CODE.lower()}.", f"no profile for {STARS}, nor {STARS}."),
        (f"/api/v1/messages/{CODE}/01J", f"/api/v1/messages/{STARS}"),
        (f"/x/messages/{CODE}/01J", f"/x/messages/{STARS}/01J"),
        (f"x\\n{CODE}x{CODE}", f"x\\n{STARS}x{STARS}"),
        (f"_{CODE}_", f"_{STARS}_"),
        (f"?q=%3A{CODE}", f"?q=%3A{STARS}"),
        (f"?q={ENCODED}&r=%20", f"?q={STARS}&r= "),
        (f"?q={quote(ENCODED)}", f"?q={STARS}"),
        ("100 % of nothing to mask %41", "100 % of nothing to mask %41"),
        ("message-submitted", "message-submitted"),
        ("short", "short"),
    ],
)
def test_fiscal_codes_are_masked(text: str, expected: str) -> None:
    """Each case and each URL encoding is masked at any place, and the rest stays readable."""
    assert mask(text) == expected


@given(
    st.from_regex(FISCAL_CODE_PATTERN[1:-1], fullmatch=True),
    st.text(max_size=20),
    st.text(max_size=20),
)
def test_no_text_around_hides_a_fiscal_code(code: str, before: str, after: str) -> None:
    """Text that makes it a message id or a trace id, which are kept, is the exception."""
    around = before[-1:] + after[:1]
    if around.isascii() and any(one.isalnum() for one in around):
        before, after = f"{before} ", f" {after}"

    assert code not in mask(f"{before}{code}{after}")


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2036, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    st.binary(min_size=10, max_size=10),
)
def test_message_ids_are_not_masked(moment: datetime, randomness: bytes) -> None:
    """An id may look like a fiscal code, and operators find a trace by it."""
    id_ = str(ULID.from_bytes(int(moment.timestamp() * 1000).to_bytes(6) + randomness))

    assert mask(f"message_id={id_}") == f"message_id={id_}"


def test_structures_are_masked_and_what_is_clean_is_returned_as_it_is() -> None:
    """Names, values, lists and bytes are masked; numbers stay numbers."""
    clean: dict[str, Any] = {"a": 1, "b": [1.5, "x"], "c": b"x", "d": None}

    assert masked(clean) is clean
    assert masked({CODE: [CODE, 1], "b": CODE.encode()}) == {STARS: [STARS, 1], "b": STARS}


async def test_a_deliberate_leak_is_masked_in_all_that_is_exported() -> None:
    """Names, attributes, events, links, statuses, bodies and series are masked."""
    kept = Kept()
    instruments = kept.telemetry._instruments
    span = instruments.tracer.start_span(
        f"GET /{CODE}",
        attributes={"url.path": f"/{CODE}", CODE: "name", "list": (CODE, "x")},
        links=[Link(SpanContext(1, 1, is_remote=True), {"of": CODE})],
    )
    span.add_event(CODE, {"exception.message": f"no {ENCODED}"})
    span.record_exception(ValueError(CODE))
    span.set_status(StatusCode.ERROR, f"ValueError: {CODE.lower()}")
    span.end()
    instruments.counts.add("recapito.messages", 1, {"status": CODE})
    logger = kept.telemetry._handler._target
    logger.emit(LogRecord(body=f"to {CODE}", attributes={"of": CODE}, event_name=CODE))

    seen = repr([one.to_json() for one in kept.spans]) + repr(kept.logs)
    seen += repr(kept.metric("recapito.messages"))
    await kept.telemetry.close()

    assert seen.count(STARS) >= 12
    for form in (CODE, CODE.lower(), ENCODED, base64.b64encode(CODE.encode()).decode()):
        assert form not in seen
    assert kept.span(f"GET /{STARS}").kind == span.kind  # type: ignore[attr-defined]
