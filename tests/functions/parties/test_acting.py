"""A delegate acts in the inbox of another party, within the delegation."""

from datetime import timedelta
from typing import Any

import jwt
import pytest

from infra.local.sandbox.seed import CITIZEN, SERVICE_ID
from lib.domain.services.service import Group
from tests.builders.messages import a_message
from tests.builders.parties import DELEGATE, with_delegation
from tests.builders.payments import payable
from tests.builders.services import with_groups
from tests.functions.identity.citizen_tokens import CLAIMS, signed, with_header
from tests.stack import Reply, Stack

STRANGER = "STRNGR80A01H501U"
OTHER_SERVICE = "another-service"
NUMBER = "302000000000000017"


async def act(stack: Stack, name: str, body: Any = None, **call: Any) -> Reply:
    """Call an endpoint as the delegate of the citizen."""
    return await stack.call(name, body, citizen=DELEGATE, party=CITIZEN, **call)


async def from_two_services(stack: Stack) -> tuple[str, str]:
    """Deliver a message with a payment of each of two services; return their ids."""
    own = await stack.deliver(content=a_message(content=payable())["content"])
    key = await with_groups(
        stack,
        *(frozenset(Group) - {Group.LIMITED_MESSAGE_WRITE}),
        service_id=OTHER_SERVICE,
        authorized_recipients=[],
        duplicate_policy="ACCEPT",
    )
    body = a_message(content=payable(notice_number=NUMBER))
    reply = await stack.call("submit_message", body, key=key)
    assert reply.status == 201, reply
    await stack.drain()
    return own, str(reply.body["id"])


async def test_a_delegate_reads_the_inbox_and_the_owner_s_own_stays(stack: Stack) -> None:
    """The token names the party; without it the delegate is in an own inbox."""
    id_ = await stack.deliver()
    await with_delegation(stack)

    listed = await act(stack, "list_inbox")
    opened = await act(stack, "read_message", path={"id": id_})

    assert [one["id"] for one in listed.body["items"]] == [id_]
    assert opened.body["fiscal_code"] == CITIZEN
    own = await stack.call("list_inbox", citizen=DELEGATE)
    assert own.body["items"] == []


@pytest.mark.parametrize("who", [STRANGER, CITIZEN, DELEGATE])
async def test_who_has_no_delegation_is_refused(stack: Stack, who: str) -> None:
    """A person of whom no delegation tells, also for the own inbox; and one whose end has come."""
    await stack.deliver()
    await with_delegation(stack)
    if who == DELEGATE:
        stack.clock.advance(timedelta(days=300))

    reply = await stack.call("list_inbox", citizen=who, party=CITIZEN)

    assert reply.status == 403
    assert "delegation" in reply.body["detail"]


@pytest.mark.parametrize(
    ("name", "citizen"), [("end_delegation", CITIZEN), ("leave_party", DELEGATE)]
)
async def test_an_ended_delegation_is_refused_at_once(
    stack: Stack, name: str, citizen: str
) -> None:
    """The same token that served before serves no more."""
    await stack.deliver()
    id_ = await with_delegation(stack)
    assert (await act(stack, "list_inbox")).status == 200

    await stack.call(name, path={"id": id_}, citizen=citizen)

    assert (await act(stack, "list_inbox")).status == 403


async def test_a_token_of_a_delegation_dies_with_it(stack: Stack) -> None:
    """A token that names a delegation serves no other one between the two."""
    id_ = await with_delegation(stack)
    token, _ = stack.tokens.issue(DELEGATE, stack.clock.now(), CITIZEN, id_)
    assert (await with_header(stack, f"Bearer {token}")).status == 200

    await stack.call("end_delegation", path={"id": id_}, citizen=CITIZEN)
    await with_delegation(stack)

    assert (await with_header(stack, f"Bearer {token}")).status == 403
    assert (await act(stack, "list_inbox")).status == 200


async def test_reading_is_not_acting(stack: Stack) -> None:
    """READ alone changes nothing; ACT does."""
    id_ = await stack.deliver()
    delegation = await with_delegation(stack)
    body = {"change_type": "archiving", "is_archived": True}

    refused = await act(stack, "change_message_status", body, path={"id": id_})
    await stack.call("end_delegation", path={"id": delegation}, citizen=CITIZEN)
    await with_delegation(stack, rights=["READ", "ACT"])
    done = await act(stack, "change_message_status", body, path={"id": id_})

    assert (refused.status, done.status) == (403, 200)
    assert "ACT" in refused.body["detail"]


async def test_a_list_of_services_hides_all_others(stack: Stack) -> None:
    """No list, counter, change, id or payment tells of a message of another service."""
    own, other = await from_two_services(stack)
    await with_delegation(stack, service_ids=[OTHER_SERVICE], rights=["READ", "ACT"])
    hidden = (own, SERVICE_ID)

    for query in ({}, {"to_pay": "true"}, {"category": "PAYMENT"}, {"page_size": "1"}):
        reply = await act(stack, "list_inbox", query={"enrich_result_data": "true", **query})
        assert [one["id"] for one in reply.body["items"]] == [other], query
        assert not any(text in str(reply.body) for text in hidden)
    nothing = await act(stack, "list_inbox", query={"sender_service_id": SERVICE_ID})
    assert nothing.body == {"items": []}
    counters = (await act(stack, "count_inbox")).body
    assert (counters["unread"], counters["to_pay"]) == (1, 1)
    assert (await stack.call("count_inbox", citizen=CITIZEN)).body["unread"] == 2
    for name, path in (
        ("read_message", {"id": own}),
        ("read_reminders", {"id": own}),
        ("read_payment_notice", {"id": own}),
        (
            "read_payment_info",
            {"rptId": f"01234567890{payable()['payment_data']['notice_number']}"},
        ),
    ):
        reply = await act(stack, name, path=path)
        assert reply.status == 404, name
    assert (
        await act(stack, "read_payment_info", path={"rptId": f"01234567890{NUMBER}"})
    ).status != 404


async def test_a_search_finds_the_services_alone(stack: Stack) -> None:
    """Words of a hidden message find nothing, and no bound of a page names it."""
    own, other = await from_two_services(stack)
    await with_delegation(stack, service_ids=[OTHER_SERVICE])
    words = {"q": a_message()["content"]["subject"]}
    of_hidden = {**words, "sender_service_id": SERVICE_ID}

    found = await act(stack, "search_inbox", {"filter": words, "page_size": 1})
    hidden = await act(stack, "search_inbox", {"filter": of_hidden})

    assert [one["id"] for one in found.body["items"]] == [other]
    assert hidden.body == {"items": []}
    both = await stack.call("search_inbox", {"filter": words}, citizen=CITIZEN)
    assert [one["id"] for one in both.body["items"]] == [other, own]


async def test_changes_are_those_of_the_services(stack: Stack) -> None:
    """A walk goes through the services of the delegation, and its tokens through no other."""
    own, other = await from_two_services(stack)
    await with_delegation(stack, service_ids=[OTHER_SERVICE, "a-third-service"])

    found, token = [], None
    for _ in range(5):
        query = {"page_size": "1"} | ({} if token is None else {"since": token})
        reply = await act(stack, "list_inbox_changes", query=query)
        found += [one["id"] for one in reply.body["items"]]
        token = reply.body["token"]
        if not reply.body["more"]:
            break

    assert found == [other]
    walk = await stack.call("list_inbox_changes", query={"page_size": "1"}, citizen=CITIZEN)
    assert walk.body["more"]
    refused = await act(stack, "list_inbox_changes", query={"since": walk.body["token"]})
    assert refused.status == 400
    assert own not in str(refused.body)


async def test_many_changes_reach_the_services_alone(stack: Stack) -> None:
    """By ids or by a filter, a message of another service is not found and not changed."""
    own, other = await from_two_services(stack)
    await with_delegation(stack, service_ids=[OTHER_SERVICE], rights=["READ", "ACT"])
    change = {"change_type": "starring", "is_starred": True}

    by_ids = await act(stack, "change_many_messages", {"change": change, "ids": [own, other]})
    by_filter = await act(stack, "change_many_messages", {"change": change, "filter": {}})

    assert [one["outcome"] for one in by_ids.body["items"]] == ["NOT_FOUND", "CHANGED"]
    assert [one["id"] for one in by_filter.body["items"]] == [other]
    starred = await stack.call("list_inbox", query={"starred": "true"}, citizen=CITIZEN)
    assert [one["id"] for one in starred.body["items"]] == [other]


@pytest.mark.parametrize(
    "act_claim",
    [
        "TINIT-DLGATE80A01H501U",
        {},
        {"fiscal_number": "DLGATE80A01H501U"},
        {"fiscal_number": "TINIT-01234567890"},
        {
            "fiscal_number": f"TINIT-{DELEGATE}",
            "birthdate": "1980-01-01",
            "act": {"fiscal_number": "TINIT-STRNGR80A01H501U"},
        },
    ],
)
async def test_an_actor_is_one_person(stack: Stack, act_claim: Any) -> None:
    """A token whose actor is no person, or acts for another actor, is refused."""
    await with_delegation(stack)
    token = signed(stack, {**CLAIMS, "act": act_claim})

    assert (await with_header(stack, f"Bearer {token}")).status == 401


async def test_the_age_is_that_of_the_actor(stack: Stack) -> None:
    """A parent acts for a child who is too young to log in; a child acts for nobody."""
    await with_delegation(stack)
    person = {"fiscal_number": f"TINIT-{DELEGATE}", "birthdate": "1980-01-01"}
    grown = {**CLAIMS, "birthdate": "2020-01-01", "act": person}
    young = {**CLAIMS, "act": {**person, "birthdate": "2020-01-01"}}

    replies = [
        await with_header(stack, f"Bearer {signed(stack, claims)}") for claims in (grown, young)
    ]

    assert [one.status for one in replies] == [200, 403]


async def test_a_party_may_have_eleven_digits(stack: Stack) -> None:
    """A token may name a company; without a delegation it opens nothing."""
    reply = await stack.call("list_inbox", citizen=DELEGATE, party="01234567890")

    assert reply.status == 403


async def test_a_token_that_was_made_for_another_key_acts_for_nobody(stack: Stack) -> None:
    """The claim counts under the issuer's signature alone."""
    await with_delegation(stack)
    claims = jwt.decode(stack.token(DELEGATE, CITIZEN), options={"verify_signature": False})
    forged = jwt.encode(claims, "x" * 32, "HS256", headers={"kid": stack.tokens.jwk["kid"]})

    assert (await with_header(stack, f"Bearer {forged}")).status == 401
