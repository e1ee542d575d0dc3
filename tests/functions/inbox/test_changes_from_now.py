"""A page that has read a list follows the changes from then on."""

from datetime import timedelta

from tests.functions.inbox.test_changes import Copy
from tests.stack import Stack


async def test_a_page_that_has_read_the_list_follows_from_now_on(stack: Stack) -> None:
    """Older messages do not come; what came while the list was read does."""
    await stack.deliver()
    stack.clock.advance(timedelta(minutes=10))
    recent = await stack.deliver()
    copy = Copy(stack)
    copy.token = "now"
    assert await copy.follow() == [recent]

    stack.clock.advance(timedelta(minutes=10))
    assert await copy.follow() == [recent]
    later = await stack.deliver()
    assert await copy.follow() == [later]
