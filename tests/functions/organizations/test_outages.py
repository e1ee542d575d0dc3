"""An outage of the register or of the mail server does not lose an application."""

from datetime import timedelta
from pathlib import Path

import pytest

from lib.ports.errors import UnavailableError
from lib.ports.registers.public_bodies import PublicBody
from lib.ports.send_errors import NotSentError
from lib.use_cases.organizations import check_application
from tests.builders.settings import settings_for
from tests.functions.organizations.onboarding import BODY, apply, codes, confirm
from tests.stack import Stack


async def test_an_outage_of_the_register_does_not_lose_the_application(tmp_path: Path) -> None:
    """The application waits, and the e-mail goes out once the register answers."""

    class Register:
        is_away = True

        async def find(self, fiscal_code: str) -> PublicBody | None:
            if self.is_away:
                raise UnavailableError("no answer")
            return BODY

        async def close(self) -> None: ...

    register = Register()
    stack = await Stack(tmp_path, public_bodies=register).start()
    await apply(stack)
    assert stack.mailer.sent == []
    register.is_away = False
    stack.clock.advance(timedelta(hours=1))
    await stack.drain()

    assert (await confirm(stack, codes(stack)[0])).status == 200
    await stack.app.close()


async def test_an_outage_of_the_mail_server_does_not_lose_the_application(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Attempts without an e-mail do not use up the e-mails of the day, here one."""
    monkeypatch.setattr(check_application, "MAILS_A_DAY", 1)
    stack.mailer.failure = NotSentError("away")
    await apply(stack)
    stack.clock.advance(timedelta(hours=1))
    await stack.drain()
    stack.mailer.failure = None
    stack.clock.advance(timedelta(hours=1))
    await stack.drain()

    assert len(stack.mailer.sent) == 1
    assert (await confirm(stack, codes(stack)[0])).status == 200


async def test_nobody_joins_without_a_register_or_a_mail_server(tmp_path: Path) -> None:
    """Both are set up by the operator; 503 says so before anything is stored."""
    for missing in ("public_bodies", "mailer"):
        stack = await Stack(tmp_path / missing, settings_for(tmp_path), **{missing: None}).start()
        assert (await apply(stack)).status == 503
        await stack.app.close()
