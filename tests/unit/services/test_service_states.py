"""The lifecycle and the publication of a service, for every sequence of actions."""

from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.domain.services import lifecycle, publication
from lib.domain.services.errors import ServiceNotApprovedError, ServiceTransitionError
from lib.domain.services.managed_service import Change, HistoryEntry, ManagedService
from lib.domain.services.service_data import ServiceData
from lib.domain.shared.identifiers import OrganizationFiscalCode, ServiceId
from tests.builders.managed_services import a_service

NOW = "2026-11-23T09:00:00.000Z"
DATA = ServiceData.model_validate(a_service())
DRAFT = ManagedService(
    id=ServiceId("a-service"),
    user_id="u",
    organization_fiscal_code=OrganizationFiscalCode("01234567890"),
    status="draft",
    data=DATA,
    last_update=NOW,
)
NEXT = {
    ("draft", "edit"): "draft",
    ("draft", "submit"): "submitted",
    ("draft", "delete"): "deleted",
    ("submitted", "approve"): "approved",
    ("submitted", "reject"): "rejected",
    ("submitted", "delete"): "deleted",
    ("approved", "edit"): "draft",
    ("approved", "delete"): "deleted",
    ("rejected", "edit"): "draft",
    ("rejected", "delete"): "deleted",
    ("deleted", "delete"): "deleted",
}
"""The transitions that the contract has; no other action changes a state."""


def another(number: int) -> ServiceData:
    """Return other data."""
    return DATA.model_copy(update={"name": f"Servizio {number}"})


type Step = Callable[[ManagedService], Change]
ACTIONS: dict[str, Callable[[int, bool], Step]] = {
    "edit": lambda number, _: lambda one: lifecycle.edited(one, another(number), NOW),
    "submit": lambda _, flag: lambda one: lifecycle.submitted(one, NOW, auto_publish=flag),
    "approve": lambda _, __: lambda one: lifecycle.approved(one, NOW),
    "reject": lambda _, __: lambda one: lifecycle.rejected(one, "No.", NOW),
    "delete": lambda _, __: lambda one: lifecycle.deleted(one, NOW),
    "publish": lambda _, __: lambda one: publication.published(one, NOW),
    "unpublish": lambda _, __: lambda one: publication.unpublished(one, NOW),
    "comment": lambda _, __: lambda one: lifecycle.commented(one, "Please."),
    "check": lambda _, __: lifecycle.checked,
    "group": lambda number, _: lambda one: lifecycle.in_group(one, f"group-{number}"),
}
STEPS = st.lists(
    st.tuples(st.sampled_from(sorted(ACTIONS)), st.integers(0, 3), st.booleans()), max_size=30
)


def applied(one: ManagedService, name: str, number: int, *, flag: bool) -> Change:
    """Return the service after an action; unchanged where the action is refused."""
    try:
        return ACTIONS[name](number, flag)(one)
    except (ServiceTransitionError, ServiceNotApprovedError):
        return Change(one)


def run(steps: list[tuple[str, int, bool]]) -> list[tuple[str, ManagedService, Change]]:
    """Return each action, the service before it, and its change."""
    service, done = DRAFT, []
    for name, number, flag in steps:
        change = applied(service, name, number, flag=flag)
        done.append((name, service, change))
        service = change.service
    return done


@given(STEPS)
def test_a_state_changes_by_the_transitions_of_the_contract_alone(
    steps: list[tuple[str, int, bool]],
) -> None:
    """A deleted service stays deleted."""
    for name, before, change in run(steps):
        assert change.service.status == NEXT.get((before.status, name), before.status)


@given(STEPS)
def test_the_history_has_an_entry_for_each_version(steps: list[tuple[str, int, bool]]) -> None:
    """Without a gap; an entry tells of a state that the service really had."""
    entries: list[HistoryEntry] = []
    for _, before, change in run(steps):
        entries += change.entries
        assert change.service.version == before.version + len(change.entries)
        for one in change.entries:
            assert one.last_update == NOW

    assert [one.version for one in entries] == list(range(2, len(entries) + 2))


@given(STEPS)
def test_the_public_form_changes_by_approvals_alone(steps: list[tuple[str, int, bool]]) -> None:
    """An approval takes over the data; what is public stays so until it is hidden."""
    for name, before, change in run(steps):
        was, is_now = before.publication, change.service.publication
        if name == "approve" and change.entries:
            assert is_now is not None
            assert is_now.data == before.data
            was_public = was is not None and was.status == "published"
            assert (is_now.status == "published") == (was_public or before.auto_publish)
        elif name in {"publish", "unpublish"} and was is not None:
            assert is_now is not None
            assert is_now.data == was.data
            assert is_now.status == f"{name}ed"
        else:
            assert is_now == was


@given(STEPS)
def test_an_action_that_changes_nothing_leaves_no_entry(steps: list[tuple[str, int, bool]]) -> None:
    """A repeated edit, publication or deletion."""
    for name, _, change in run(steps):
        if name in {"edit", "publish", "unpublish", "delete", "group"}:
            again = applied(change.service, name, 0, flag=False)
            once_more = applied(again.service, name, 0, flag=False)
            assert once_more == Change(again.service)


@given(STEPS)
def test_a_reason_a_comment_and_a_check_belong_to_one_state(
    steps: list[tuple[str, int, bool]],
) -> None:
    """The next state has none of them."""
    for (_, _, change), (_, before, _) in pairwise(run(steps)):
        assert change.service == before
        assert (before.reason is not None) == (before.status == "rejected")
        if before.status != "submitted":
            assert before.comment is None
            assert not before.is_checked


def test_a_refused_action_names_itself_and_the_state() -> None:
    """The answer to the caller has both."""
    with pytest.raises(ServiceTransitionError) as caught:
        lifecycle.approved(DRAFT, NOW)

    assert (caught.value.action, caught.value.status) == ("approve", "draft")


def test_an_edit_keeps_the_group_of_staff() -> None:
    """A payload of a change has no group."""
    grouped = lifecycle.in_group(DRAFT, "tributi").service

    assert lifecycle.edited(grouped, another(1), NOW).service.data.metadata.group_id == "tributi"
