"""A citizen downloads an attachment that the sender of a message keeps."""

from lib.ports.senders.hosts import RemoteAnswer
from tests.doubles.remote_hosts import MESSAGE, KeptHosts, in_json
from tests.functions.remote_content.reading_calls import deliver, read
from tests.stack import Stack

BASE = "https://prova.comune.example/io/messages/a%2Fb"
PDF = b"%PDF-1.7\n..."


async def test_an_attachment_is_passed_on(trial: tuple[Stack, KeptHosts]) -> None:
    """As IO's bytes without a name, which a browser downloads and does not show."""
    stack, hosts = trial
    id_ = await deliver(stack)

    reply = await read(stack, "attachment", id_)

    assert (reply.status, reply.body) == (200, PDF)
    assert reply.headers["content-type"] == "application/octet-stream"
    assert reply.headers["content-disposition"] == 'attachment; filename="attachment.pdf"'
    (call,) = hosts.calls
    assert call.url == f"{BASE}/allegati/1.pdf"
    assert (call.most, call.seconds, call.begins) == (20 * 1024 * 1024, 20, b"%PDF-")


ASKED: list[tuple[str, dict[str, str], str]] = [
    ("/1.pdf", {}, "/1.pdf"),
    ("uno due/1.pdf", {}, "/uno%20due/1.pdf"),
    ("a%2Fb/1.pdf", {}, "/a/b/1.pdf"),
    ("perché?#.pdf", {}, "/perch%C3%A9%3F%23.pdf"),
    ("1.pdf", {"sig": "a/b+c="}, "/1.pdf?sig=a%2Fb%2Bc%3D"),
    ("1.pdf", {"x": "", "y": "1"}, "/1.pdf?x=&y=1"),
]


async def test_the_host_is_asked_for_the_same_path_and_query(
    trial: tuple[Stack, KeptHosts],
) -> None:
    """A query may be signed by the host, so it stays as it was sent."""
    stack, hosts = trial
    id_ = await deliver(stack)
    for url, query, asked in ASKED:
        hosts.answers[asked.rpartition("/")[2]] = RemoteAnswer(200, "application/pdf", PDF)

        reply = await read(stack, "attachment", id_, url=url, query=query)

        assert reply.status == 200, reply
        assert hosts.calls[-1].url == f"{BASE}{asked}"
        assert "Recapito-Warnings" not in reply.headers


OUTSIDE = [
    "..",
    "../1.pdf",
    "a/../../1.pdf",
    "%2e%2e/1.pdf",
    "a/%252e%252e/1.pdf",
    "..%2F1.pdf",
    "..\\1.pdf",
    "./1.pdf",
    "/",
    "",
    "a\n.pdf",
    "x" * 2049,
]


async def test_a_path_out_of_the_message_is_refused(trial: tuple[Stack, KeptHosts]) -> None:
    """A citizen must not reach other paths of the host with the sender's key."""
    stack, hosts = trial
    id_ = await deliver(stack)

    for url in OUTSIDE:
        assert (await read(stack, "attachment", id_, url=url)).status == 400, url
    assert hosts.calls == []


NO_PDF = [
    RemoteAnswer(200, "application/pdf", b"<html>%PDF-"),
    RemoteAnswer(200, "text/html", PDF),
    RemoteAnswer(200, "application/pdf", b""),
    RemoteAnswer(200, "application/pdf", b"%PD"),
    RemoteAnswer(204, "application/pdf", b""),
    in_json(MESSAGE),
]


async def test_a_file_that_is_no_pdf_is_refused(trial: tuple[Stack, KeptHosts]) -> None:
    """By its first bytes and its media type, which a test of the configuration looks at too."""
    stack, hosts = trial
    id_ = await deliver(stack)
    for hosts.answers["1.pdf"] in NO_PDF:
        reply = await read(stack, "attachment", id_)

        assert (reply.status, reply.body["detail"]) == (
            415,
            "The requested file is not a valid PDF",
        )


async def test_a_pdf_may_come_without_its_media_type(trial: tuple[Stack, KeptHosts]) -> None:
    """Many hosts do not know the type of their files."""
    stack, hosts = trial
    id_ = await deliver(stack)
    for media_type in ("application/pdf", "application/octet-stream", ""):
        hosts.answers["1.pdf"] = RemoteAnswer(200, media_type, PDF)

        assert (await read(stack, "attachment", id_)).body == PDF
