"""The members of a reminder policy, and the result of two policies."""

from typing import Any

import pytest
from holidays.countries.italy import Italy
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from lib.domain.reminders.policy import PROVINCES, ReminderPolicy

DEFAULT: dict[str, Any] = {
    "is_enabled": True,
    "days": [7, 3, 1, 0],
    "hour": 9,
    "max": 4,
    "unread_after_days": None,
    "working_days_only": True,
    "holidays_of": None,
    "condition_url": None,
}

members = st.fixed_dictionaries(
    {},
    optional={
        "is_enabled": st.booleans(),
        "days": st.lists(st.integers(0, 60), max_size=10, unique=True),
        "hour": st.integers(8, 20),
        "max": st.integers(1, 10),
        "unread_after_days": st.none() | st.integers(1, 30),
        "working_days_only": st.booleans(),
        "holidays_of": st.none() | st.sampled_from(PROVINCES),
        "condition_url": st.none() | st.just("https://comune.example/check"),
    },
)


def test_the_provinces_are_those_of_the_calendar() -> None:
    """A province that is accepted has its holidays, and none of the calendar's is missing."""
    assert Italy.subdivisions == PROVINCES


def test_a_member_that_is_left_out_has_its_default() -> None:
    """A default is not stored, and unknown members are ignored."""
    assert ReminderPolicy().model_dump() == DEFAULT
    assert ReminderPolicy().stored == {}
    assert ReminderPolicy.model_validate({"colour": "red"}) == ReminderPolicy()


@given(members)
def test_a_stored_policy_is_read_unchanged(said: dict[str, Any]) -> None:
    """Members that have their default are not stored."""
    policy = ReminderPolicy.model_validate(said)

    assert ReminderPolicy.model_validate(policy.stored).model_dump() == policy.model_dump()
    assert all(policy.stored[name] != DEFAULT[name] for name in policy.stored)


@given(members, members)
def test_a_policy_of_the_message_overrides_that_of_the_service(
    own: dict[str, Any], service: dict[str, Any]
) -> None:
    """The rule holds for each member, also for a null or the default's value."""
    result = ReminderPolicy.model_validate(own).over(ReminderPolicy.model_validate(service))

    assert result.model_dump() == ReminderPolicy.model_validate({**service, **own}).model_dump()


@given(members, members)
def test_equal_policies_alone_have_equal_tags(one: dict[str, Any], two: dict[str, Any]) -> None:
    """Neither explicit defaults nor the order of the days change the tag."""
    first, second = ReminderPolicy.model_validate(one), ReminderPolicy.model_validate(two)

    assert (first.tag == second.tag) == (first.model_dump() == second.model_dump())


@pytest.mark.parametrize(
    "said",
    [
        {"days": []},
        {"days": [0, 60]},
        {"days": list(range(10))},
        {"days": [7.0]},
        {"hour": 8},
        {"hour": 20},
        {"max": 1},
        {"max": 10},
        {"unread_after_days": 1},
        {"unread_after_days": 30},
        {"holidays_of": "RM"},
        {"holidays_of": "Forli"},
        {"condition_url": "https://comune.example"},
        {"condition_url": "https://www.comune.example:443/a/b?x=%2F&y=1@2"},
        {"condition_url": "https://xn--comune-4va.xn--p1ai/?q"},
        {"condition_url": "https://a.it/" + "x" * 2035},
    ],
)
def test_these_are_accepted(said: dict[str, Any]) -> None:
    """The limits themselves are allowed."""
    policy = ReminderPolicy.model_validate(said)

    assert policy.model_dump(include=set(said)) == {
        name: sorted(value, reverse=True) if name == "days" else value
        for name, value in said.items()
    }


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("is_enabled", value) for value in (None, 1, "true")),
        *(("days", value) for value in (None, 7, [-1], [61], [1, 1], list(range(11)), ["1"])),
        *(("days", value) for value in ([1.5], [True], [None])),
        *(("hour", value) for value in (None, 7, 21, "9", 9.5, True)),
        *(("max", value) for value in (None, 0, 11)),
        *(("unread_after_days", value) for value in (0, 31, "3", False)),
        ("working_days_only", None),
        *(("holidays_of", value) for value in ("", "rm", "Roma", "IT", 5)),
        *(
            ("condition_url", value)
            for value in (
                "",
                5,
                "comune.example",
                "http://comune.example/",
                "HTTPS://comune.example/",
                "https:///check",
                "https://localhost/",
                "https://127.0.0.1/",
                "https://127.1/",
                "https://[::1]/",
                "https://0x7f.0x1/",
                "https://user@comune.example/",
                "https://user:secret@comune.example/",
                "https://comune.example\\@10.0.0.1/",
                "https://comune.example:8443/",
                "https://comune.example:/",
                "https://comune.example./",
                "https://-comune.example/",
                "https://comune.example/#part",
                "https://comune.example/a b",
                "https://comune.example/\n",
                "https://comune.example\n",
                "https://comune.example/à",
                "https://a.it/" + "x" * 2036,
            )
        ),
    ],
)
def test_these_are_refused(name: str, value: object) -> None:
    """The error names the member."""
    with pytest.raises(ValidationError) as caught:
        ReminderPolicy.model_validate({name: value})

    assert {error["loc"][0] for error in caught.value.errors()} == {name}
