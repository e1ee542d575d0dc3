"""The cost of organisations, in operations."""

from functions.queues.messages import fan_out_message
from infra.local.sandbox.seed import CITIZEN, ORGANIZATION, SERVICE_ID
from lib.domain.organizations.organization import OrganizationState
from lib.domain.services.service import Group
from lib.ports.queueing.names import MESSAGE_SUBMITTED
from tests.builders.messages import a_message
from tests.builders.organizations import INTERMEDIARY, with_delegation, with_organization
from tests.builders.services import with_groups, with_manage_key
from tests.doubles.counted_stack import CountedStack
from tests.doubles.slow_push import queue_pushes
from tests.stack import take


async def test_a_trial_costs_one_patch_a_message(counted: CountedStack) -> None:
    """A message of a trial: 1 patch more; the first of a day also 1 create more."""
    organization = await with_organization(counted, OrganizationState.TRIAL, "99999999990")
    days = counted.app.repositories.organization_days
    await days.count(organization.fiscal_code, "messages", "2026-01-01")
    key = await with_groups(
        counted,
        Group.MESSAGE_WRITE,
        authorized_recipients=[CITIZEN],
        organization_fiscal_code="99999999990",
        service_id="a-trial",
        key="sandbox-trial-key",
    )
    # the first call reads the key, its subscription and service, and the organisation
    for reads, creates in ((4, 2), (0, 1)):
        counted.reset()
        reply = await counted.call("submit_message", a_message(), key=key)
        assert reply.status == 201
        expected = {"read": reads, "patch": 1, "create": creates}
        assert counted.documents == {name: count for name, count in expected.items() if count}
        assert counted.queues == {"put": 1}


async def test_an_approved_sender_costs_nothing_more(counted: CountedStack) -> None:
    """The state is read with the key, once a minute, and its messages are not counted."""
    await with_organization(counted, OrganizationState.APPROVED, ORGANIZATION)
    await counted.call("submit_message", a_message())
    counted.reset()

    await counted.call("submit_message", a_message())
    assert (counted.documents, counted.queues) == ({"create": 1}, {"put": 1})


async def test_a_message_of_an_intermediary_costs_one_upsert_more(counted: CountedStack) -> None:
    """Its submission costs as much as any other; its fan-out logs it: 1 upsert more."""
    await with_delegation(counted, ORGANIZATION, INTERMEDIARY)
    manage_key = await with_manage_key(counted, organization=INTERMEDIARY)
    path = {"organization_fiscal_code": ORGANIZATION, "service_id": SERVICE_ID}
    shown = await counted.call("show_delegated_keys", path=path, key=manage_key)
    key = shown.body["primary_key"]
    await counted.call("submit_message", a_message(), key=key)
    await counted.drain()
    queue_pushes(counted.app)
    counted.reset()

    await counted.call("submit_message", a_message(), key=key)
    assert (counted.documents, counted.queues) == ({"create": 1}, {"put": 1})
    (item,) = await take(counted.queue, MESSAGE_SUBMITTED)
    counted.reset()
    await fan_out_message.consume(counted.app, item.text, last=False)
    assert counted.documents == {"read": 3, "upsert": 1, "patch": 1, "batch": 1}
