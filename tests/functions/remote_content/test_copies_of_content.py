"""An app that has a copy asks whether it is still valid (RFC 9110)."""

from dataclasses import replace

import pytest

from lib.ports.senders.hosts import RemoteAnswer
from tests.doubles.remote_hosts import KeptHosts
from tests.functions.messages.variant_calls import GERMAN
from tests.functions.remote_content.reading_calls import deliver, read
from tests.stack import Stack

ETAG = 'W/"v-1"'
DATE = "Mon, 30 Nov 2026 03:00:00 GMT"
LAST = {"message": "a%2Fb", "attachment": "1.pdf"}


@pytest.mark.parametrize("part", LAST)
async def test_a_copy_that_is_valid_is_not_sent_again(
    trial: tuple[Stack, KeptHosts], part: str
) -> None:
    """The sender's host decides; its names of the version are passed on."""
    stack, hosts = trial
    whole = hosts.answers[LAST[part]]
    assert isinstance(whole, RemoteAnswer)
    hosts.answers[LAST[part]] = RemoteAnswer(
        200, whole.media_type, whole.body, etag=ETAG, last_modified=DATE
    )
    id_ = await deliver(stack)

    first = await read(stack, part, id_)
    hosts.answers[LAST[part]] = RemoteAnswer(304, "", b"", etag=ETAG)
    again = await read(stack, part, id_, headers={"if-none-match": ETAG, "if-modified-since": DATE})

    assert (first.headers["ETag"], first.headers["Last-Modified"]) == (ETAG, DATE)
    assert (again.status, again.body, again.headers["ETag"]) == (304, None, ETAG)
    assert "Last-Modified" not in again.headers
    sent = hosts.calls[-1].headers
    assert (sent["If-None-Match"], sent["If-Modified-Since"]) == (ETAG, DATE)


@pytest.mark.parametrize(
    "condition",
    [
        {"if-none-match": "v-1"},
        {"if-none-match": '"' + "x" * 1000 + '"'},
        {"if-none-match": '"a"\r\nX-Api-Key: mine'},
        {"if-modified-since": "yesterday"},
    ],
)
async def test_a_condition_of_another_form_is_left_out(
    trial: tuple[Stack, KeptHosts], condition: dict[str, str]
) -> None:
    """Then the whole content comes."""
    stack, hosts = trial
    id_ = await deliver(stack)

    assert (await read(stack, "message", id_, headers=condition)).status == 200
    assert not {"If-None-Match", "If-Modified-Since"} & hosts.calls[-1].headers.keys()


async def test_a_host_s_text_of_another_form_is_no_header(trial: tuple[Stack, KeptHosts]) -> None:
    """A header of the answer is not the sender's to write."""
    stack, hosts = trial
    hosts.answers["1.pdf"] = RemoteAnswer(
        200, "", b"%PDF-1", etag="RSSMRA80A01H501U", last_modified="ieri"
    )
    id_ = await deliver(stack)

    reply = await read(stack, "attachment", id_)

    assert reply.status == 200
    assert not {"ETag", "Last-Modified"} & reply.headers.keys()


async def test_a_copy_in_another_language_is_not_valid(trial: tuple[Stack, KeptHosts]) -> None:
    """The sender's own words depend on the reader, whom the host does not know."""
    stack, hosts = trial
    whole = hosts.answers["a%2Fb"]
    assert isinstance(whole, RemoteAnswer)
    hosts.answers["a%2Fb"] = replace(whole, etag=ETAG)
    id_ = await deliver(stack, has_remote_content=False, variants={"de_DE": GERMAN})
    asked = {"accept-language": "de", "if-none-match": ETAG}

    reply = await read(stack, "message", id_, headers=asked)

    details = reply.body["third_party_message"]["details"]
    assert {name: details[name] for name in GERMAN} == GERMAN
    assert reply.body["content"]["subject"] == GERMAN["subject"]
    assert reply.headers["Content-Language"] == "de-DE"
    assert "ETag" not in reply.headers
    assert "If-None-Match" not in hosts.calls[-1].headers
