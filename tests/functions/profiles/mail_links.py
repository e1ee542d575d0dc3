"""Helpers of the tests of links in e-mails."""

import json
from html.parser import HTMLParser
from pathlib import Path

from infra.local.sandbox.seed import EMAIL_CITIZEN, SERVICE_ID
from tests.builders.profiles import ADDRESS
from tests.stack import Reply, Stack
from tests.stored import stored_profile

NEW = "new@example.org"


async def show(stack: Stack, token: str, what: str = "unsubscribe") -> Reply:
    """Open the link without a key and without a token of a citizen."""
    return await stack.call(f"show_{what}", path={"token": token}, key=None)


async def do(stack: Stack, token: str, what: str = "unsubscribe", body: bytes = b"") -> Reply:
    """Send the form of the link, or the request of a mail program."""
    return await stack.call(
        f"do_{what}",
        body,
        path={"token": token},
        headers={"content-type": "application/x-www-form-urlencoded"},
        key=None,
    )


class Page(HTMLParser):
    """The tags, names of attributes, and languages of an HTML page."""

    def __init__(self, html: bytes) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: set[str] = set()
        self.languages: list[str | None] = []
        self.feed(html.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep the tag, the names of its attributes, and its language."""
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}
        self.languages += [value for name, value in attrs if name == "lang"]


def assert_page(reply: Reply, forms: int) -> None:
    """Check the page against the Content-Security-Policy of the host, and for personal data."""
    host = json.loads((Path(__file__).parents[3] / "host.json").read_text())
    headers = host["extensions"]["http"]["customHeaders"]
    assert headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert reply.headers["content-type"] == "text/html; charset=utf-8"
    page = Page(reply.body)
    assert not {"style", "script", "link", "img", "a"} & set(page.tags)
    assert not {"style", "action", "onclick"} & page.attributes
    assert page.tags.count("form") == page.tags.count("button") == forms
    assert page.languages == ["it", "it", "en"]
    assert page.tags.count("h1") == 1
    assert "title" in page.tags
    for name in (EMAIL_CITIZEN, ADDRESS, NEW, SERVICE_ID):
        assert name.encode() not in reply.body


async def with_new_address(stack: Stack, email: str = NEW) -> None:
    """Give the citizen an address, and drop the e-mail to the former address."""
    await change_address(stack, email)
    await stack.drain()
    stack.mailer.sent[:] = [one for one in stack.mailer.sent if "EMAIL_CHANGED" not in one.id]


async def change_address(stack: Stack, email: str) -> None:
    """Change the citizen's address."""
    version = (await stored_profile(stack, EMAIL_CITIZEN)).version
    body = {"version": version, "email": email}
    reply = await stack.call("update_profile", body, citizen=EMAIL_CITIZEN)
    assert (reply.status, reply.body["is_email_validated"]) == (200, False)


async def request(stack: Stack, citizen: str = EMAIL_CITIZEN) -> Reply:
    """Request the validation e-mail."""
    return await stack.call("request_email_validation", citizen=citizen)


async def token_of(stack: Stack) -> str:
    """Request a validation e-mail, and return the token of its link."""
    assert (await request(stack)).status == 202
    await stack.drain()
    mail = stack.mailer.sent.pop()
    assert mail.to == (await stored_profile(stack, EMAIL_CITIZEN)).email
    (link,) = (line for line in mail.text.splitlines() if "/validate/" in line)
    return link.rpartition("/")[2]
