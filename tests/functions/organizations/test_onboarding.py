"""A public body joins by itself: it proves that it reads the mail of its digital domicile."""

from datetime import timedelta

import pytest

from lib.adapters.embedded.registers.scripted_public_bodies import SILENT
from lib.domain.organizations.application import CODE_LIFE, MAILS_A_DAY
from lib.use_cases.organizations.limit_callers import MOST, SECONDS
from tests.builders.organizations import with_organization
from tests.functions.organizations.onboarding import (
    BODY,
    UNION,
    UNKNOWN,
    apply,
    codes,
    confirm,
    joined,
)
from tests.stack import Stack, refusal

NO_CODE = (
    404,
    "Code not found",
    f"No application waits for this code. A code is valid for {CODE_LIFE.days} days; apply again.",
)


async def own(stack: Stack, key: str, fiscal_code: str = BODY.fiscal_code) -> int:
    """Return the status of a look at the organisation with the key."""
    path = {"fiscal_code": fiscal_code}
    return (await stack.call("read_own_organization", path=path, key=key)).status


async def test_the_domicile_gets_a_code_that_makes_the_organisation(fresh: Stack) -> None:
    """The manage keys of the answer work, and the organisation is on trial."""
    applied = await apply(fresh)
    assert (applied.status, applied.body["status"]) == (202, "PENDING_CHECK")
    (mail,) = fresh.mailer.sent
    assert mail.to == BODY.domiciles[0]
    assert applied.body["id"] in mail.text

    confirmed = await confirm(fresh, codes(fresh)[0])
    assert confirmed.status == 200
    organization = confirmed.body["organization"]
    assert organization["fiscal_code"] == BODY.fiscal_code
    assert (organization["name"], organization["ipa_code"]) == (BODY.name, BODY.ipa_code)
    assert organization["state"] == "TRIAL"
    assert confirmed.body["subscription_id"].startswith("MANAGE-")
    for name in ("primary_key", "secondary_key"):
        read = await fresh.call(
            "read_own_organization",
            path={"fiscal_code": BODY.fiscal_code},
            key=confirmed.body[name],
        )
        assert read.status == 200
        assert read.body["trial"] == {"daily_messages": 2, "sent_today": 0}


async def test_the_same_code_again_shows_the_keys_masked(fresh: Stack) -> None:
    """The keys stay as they are."""
    key = await joined(fresh)
    again = await confirm(fresh, codes(fresh)[0])

    assert again.status == 200
    assert again.body["primary_key"] == "*" * 28 + key[-4:]
    assert await own(fresh, key) == 200


async def test_the_reader_of_the_domicile_takes_an_organisation_back(fresh: Stack) -> None:
    """A later code replaces both manage keys; account and subscription stay."""
    first = await joined(fresh)
    before = await confirm(fresh, codes(fresh)[0])
    await apply(fresh)
    after = await confirm(fresh, codes(fresh)[1])

    assert after.body["subscription_id"] == before.body["subscription_id"]
    assert after.body["organization"] == before.body["organization"]
    assert await own(fresh, first) == 401
    assert await own(fresh, after.body["primary_key"]) == 200
    assert await own(fresh, after.body["secondary_key"]) == 200
    again = await confirm(fresh, codes(fresh)[1])
    assert again.body["primary_key"].startswith("*")
    assert await own(fresh, after.body["primary_key"]) == 200


async def test_an_application_alone_changes_nothing_of_an_organisation(fresh: Stack) -> None:
    """The keys of an organisation work on, whoever applies in its name."""
    key = await joined(fresh)
    await apply(fresh, address="203.0.113.9")

    assert await own(fresh, key) == 200


async def test_a_suspended_organisation_stays_suspended(fresh: Stack) -> None:
    """A new code gives new keys, which are refused as the old ones are."""
    await joined(fresh)
    path, body = {"fiscal_code": BODY.fiscal_code}, {"reason": "A key was found in public."}
    operator = "sandbox-operator-key"
    assert (await fresh.call("suspend_organization", body, path=path, key=operator)).status == 200
    await apply(fresh)
    key = (await confirm(fresh, codes(fresh)[1])).body["primary_key"]

    assert await own(fresh, key) == 401


async def test_the_answer_does_not_tell_who_is_registered(fresh: Stack) -> None:
    """Known, unknown, away and joined bodies get the same answer; only domiciles get e-mails."""
    await joined(fresh)
    replies = [await apply(fresh, code) for code in (BODY.fiscal_code, UNKNOWN, UNION.fiscal_code)]
    replies.append(await apply(fresh, email="somebody@example.org"))
    waiting = await fresh.call("apply_organization", {"fiscal_code": SILENT}, key=None)

    shapes = {(one.status, one.body.pop("id")[:0], str(one.body)) for one in (*replies, waiting)}
    assert len(shapes) == 1
    assert {mail.to for mail in fresh.mailer.sent} == {BODY.domiciles[0], UNION.domiciles[0]}


async def test_the_applicant_may_choose_among_the_domiciles(fresh: Stack) -> None:
    """Capital letters make no difference."""
    await apply(fresh, UNION.fiscal_code, email="Tributi@Unione.Prova.example.org")

    assert [mail.to for mail in fresh.mailer.sent] == [UNION.domiciles[1]]


async def test_a_repeated_item_sends_no_second_code(fresh: Stack) -> None:
    """The first code still works."""
    reply = await apply(fresh)
    item = f'{{"application_id":"{reply.body["id"]}"}}'
    await fresh.queue.put("organization-applied", item)
    await fresh.drain()

    assert len(fresh.mailer.sent) == 1
    assert (await confirm(fresh, codes(fresh)[0])).status == 200


async def test_an_organisation_gets_few_emails_a_day(fresh: Stack) -> None:
    """From whatever address the applications come; each code that was sent works."""
    for number in range(MAILS_A_DAY + 2):
        assert (await apply(fresh, address=f"203.0.113.{number}")).status == 202
    assert len(codes(fresh)) == MAILS_A_DAY
    assert [(await confirm(fresh, code)).status for code in codes(fresh)] == [200] * MAILS_A_DAY
    fresh.clock.advance(timedelta(days=1))
    await apply(fresh)

    assert len(codes(fresh)) == MAILS_A_DAY + 1


async def test_an_address_may_not_apply_without_end(fresh: Stack) -> None:
    """Another address may."""
    replies = [await apply(fresh, UNKNOWN) for _ in range(MOST + 1)]

    assert [one.status for one in replies] == [202] * MOST + [429]
    assert refusal(replies[-1])[1] == "Too many requests"
    assert 0 < int(replies[-1].headers["Retry-After"]) <= SECONDS
    assert (await apply(fresh, UNKNOWN, address="203.0.113.9")).status == 202


async def test_an_address_may_not_guess_codes_without_end(fresh: Stack) -> None:
    """Even a right code is refused then."""
    await apply(fresh)
    code = codes(fresh)[0]
    replies = [await confirm(fresh, code[:-1] + "x") for _ in range(MOST)]
    late = await confirm(fresh, code)

    assert {refusal(one) for one in replies} == {NO_CODE}
    assert late.status == 429
    assert (await confirm(fresh, code, address="203.0.113.9")).status == 200


@pytest.mark.parametrize("change", ["secret", "application", "form"])
async def test_a_wrong_code_confirms_nothing(fresh: Stack, change: str) -> None:
    """Neither another secret, nor another application, nor another text."""
    await apply(fresh)
    await apply(fresh, UNION.fiscal_code)
    first, second = codes(fresh)
    wrong = {
        "secret": f"{first[:27]}{'0' * 32}",
        "application": f"{second[:26]}{first[26:]}",
        "form": "code",
    }[change]

    assert refusal(await confirm(fresh, wrong)) == NO_CODE


async def test_a_code_ends_after_seven_days(fresh: Stack) -> None:
    """The application is deleted by then."""
    await apply(fresh)
    fresh.clock.advance(CODE_LIFE + timedelta(minutes=1))

    assert refusal(await confirm(fresh, codes(fresh)[0])) == NO_CODE


@pytest.mark.parametrize("fiscal_code", ["00000000017", "1234", "RSSMRA80A01H501U"])
async def test_a_wrong_fiscal_code_is_refused(fresh: Stack, fiscal_code: str) -> None:
    """The check digit finds a mistyped digit."""
    reply = await apply(fresh, fiscal_code)

    assert reply.status == 400
    assert [one["pointer"] for one in reply.body["errors"]] == ["/fiscal_code"]


async def test_a_call_that_dies_on_the_way_is_repeated(
    fresh: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The organisation exists, and its keys were not shown: the same code shows them."""
    await apply(fresh)
    keys = fresh.app.services.issue_keys
    with monkeypatch.context() as patched:

        async def die(*_: object) -> None:
            raise RuntimeError

        patched.setattr(keys, "show", die)
        assert (await confirm(fresh, codes(fresh)[0])).status == 500
    again = await confirm(fresh, codes(fresh)[0])

    assert await own(fresh, again.body["primary_key"]) == 200


async def test_an_organisation_of_an_operator_is_taken_over_by_its_domicile(fresh: Stack) -> None:
    """It keeps its state and its account."""
    made = await with_organization(fresh, fiscal_code=BODY.fiscal_code)
    await apply(fresh)
    reply = await confirm(fresh, codes(fresh)[0])

    assert reply.body["subscription_id"] == made.manage_subscription_id
    assert reply.body["organization"]["state"] == "APPROVED"


async def test_no_manager_reads_another_organisation(fresh: Stack) -> None:
    """Another fiscal code is answered as one that does not exist."""
    key = await joined(fresh)
    await joined(fresh, UNION.fiscal_code)

    assert await own(fresh, key, UNION.fiscal_code) == 404
    assert await own(fresh, key, UNKNOWN) == 404
