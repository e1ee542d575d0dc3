"""E-mail addresses that mail can reach, by the standards and other libraries."""

from pathlib import Path

import pytest

from lib.adapters.embedded.captured.mailer import CapturedMailer
from lib.adapters.outbound.mime import address_of
from lib.domain.profiles.email_address import parse_address, reachable
from lib.ports.mailer import Mail
from lib.ports.send_errors import RefusedError
from tests.doubles.clock import StillClock

REACHED = [
    ("ada@example.org", "ada@example.org"),
    ("o'neil+tag@sub.example.org", "o'neil+tag@sub.example.org"),
    ("anna@faß.example", "anna@xn--fa-hia.example"),
    ("anna@müllgebühr.example", "anna@xn--mllgebhr-65af.example"),
    ("anna@βόλος.example", "anna@xn--nxasmm1c.example"),
    ("anna@xn--fa-hia.example", "anna@xn--fa-hia.example"),
    ("Anna@EXAMPLE.org", "Anna@example.org"),
    ("\u200bada@example.org", "ada@example.org"),
    (" a\u00adda@exam\u2060ple.org\ufeff", "ada@example.org"),
]
UNREACHABLE = [
    "àda@example.org",
    "ada@example.org;",
    "<ada@example.org>",
    "ada.@example.org",
    ".ada@example.org",
    "a..b@example.org",
    "a,b@example.org",
    '"a b"@example.org',
    "a@b@example.org",
    "ada.example.org",
    "",
    "ada@[127.0.0.1]",
    "ada@127.0.0.1",
    "ada@" + "x" * 64 + ".example",
    "ada@x_y.example",
    "ada@-x.example",
    "ada@example",
    "ada@example.org.",
    "ada@exa mple.org",
    "ada@xn--zzzzzzzzz99999.example",
    "anna@\u0646\u0627\u0645\u0647\u200c\u0627\u06cc.example",
    "x" * 65 + "@example.org",
    "adalovelace@" + ".".join(["x" * 60] * 4) + ".org",
]


@pytest.mark.parametrize(("text", "goes_to"), REACHED)
def test_the_address_that_was_written_is_the_one_that_is_reached(text: str, goes_to: str) -> None:
    """Domains follow IDNA 2008, and invisible characters are left out."""
    assert address_of(text).addr_spec == goes_to
    assert address_of(reachable(text)).addr_spec == goes_to


@pytest.mark.parametrize("text", UNREACHABLE)
def test_an_unreachable_address_is_refused_with_its_rule(text: str) -> None:
    """The rule names the place or what is wrong there, and does not repeat the address."""
    with pytest.raises(ValueError, match=r"@-sign|address") as caught:
        parse_address(text)

    assert not text or text not in str(caught.value)


@pytest.mark.parametrize("text", UNREACHABLE)
async def test_every_mailer_refuses_the_same(text: str, tmp_path: Path) -> None:
    """The sandbox's mailer keeps nothing that SMTP would refuse."""
    with pytest.raises(RefusedError):
        address_of(text)
    file = tmp_path / "captured.jsonl"
    mail = Mail(id="an-id", to=text, language="it", subject="s", text="t", html="<p>t</p>")

    with pytest.raises(RefusedError):
        await CapturedMailer(file, StillClock()).send(mail)

    assert not file.exists()
