"""The replacement of a secret keeps keys and links valid until its end."""

from pathlib import Path

from infra.local.sandbox.seed import EMAIL_CITIZEN
from lib.composition.secrets import key_hashes_of
from tests.builders.messages import a_message
from tests.builders.profiles import with_profile
from tests.functions.identity.rotation import ended, rotated, under
from tests.stack import Stack
from tests.stored import stored_profile


async def test_a_sender_s_key_is_known_under_both_secrets(tmp_path: Path) -> None:
    """A key works under both secrets during the rotation, and under the new one after it."""
    before = await under(tmp_path, "key_hash_secret").start()
    await before.app.close()

    during = rotated(tmp_path, "key_hash_secret")
    assert (await during.call("submit_message", a_message())).status == 201
    assert (await during.call("submit_message", a_message(), key="another")).status == 401
    await during.start()  # the seed writes the same keys under the new secret
    hashes = key_hashes_of(during.app.settings)
    assert hashes.previous is not None
    assert hashes.of("key") != hashes.previous.of("key")
    await during.app.close()

    after = ended(tmp_path, "key_hash_secret")
    assert (await after.call("submit_message", a_message())).status == 201
    await after.app.close()


async def test_a_key_under_the_previous_secret_ends_with_the_rotation(tmp_path: Path) -> None:
    """A key that was stored under the previous secret alone is unknown after the rotation."""
    before = await under(tmp_path, "key_hash_secret").start()
    await before.app.close()

    after = ended(tmp_path, "key_hash_secret")

    assert (await after.call("submit_message", a_message())).status == 401
    await after.app.close()


async def leave(stack: Stack, token: str) -> int:
    """Click an unsubscribe link; return the status."""
    answer = await stack.call("do_unsubscribe", b"", path={"token": token}, key=None)
    return answer.status


async def token_of(stack: Stack) -> str:
    """Deliver a message; return the token of the link that ends all e-mails."""
    await stack.deliver(fiscal_code=EMAIL_CITIZEN)
    return stack.mailer.sent.pop().text.rpartition("/unsubscribe/")[2].split()[0]


async def test_a_link_works_under_both_secrets(tmp_path: Path) -> None:
    """A link made under the previous secret works during the rotation, and not after it."""
    before = await under(tmp_path, "link_secret").start()
    old = await token_of(before)
    await before.app.close()

    during = rotated(tmp_path, "link_secret")
    assert (await during.call("show_unsubscribe", path={"token": old}, key=None)).status == 200
    new = await token_of(during)
    assert await leave(during, old) == 200
    assert not (await stored_profile(during, EMAIL_CITIZEN)).is_email_enabled
    await during.app.close()

    after = ended(tmp_path, "link_secret")
    assert await leave(after, old) == 404
    assert await leave(after, new) == 200
    await after.app.close()


async def test_a_new_address_ends_links_under_both_secrets(tmp_path: Path) -> None:
    """A link made under the previous secret ends where the address changes."""
    before = await under(tmp_path, "link_secret").start()
    old = await token_of(before)
    await before.app.close()

    during = rotated(tmp_path, "link_secret")
    await with_profile(during, EMAIL_CITIZEN, email="another@example.org")

    assert await leave(during, old) == 404
    await during.app.close()
