"""Operators list, invite, approve and suspend organisations."""

from infra.local.sandbox.seed import OPERATOR_KEY
from lib.domain.organizations.organization import OrganizationState
from tests.builders.organizations import FISCAL_CODE, INTERMEDIARY, with_organization
from tests.functions.organizations.onboarding import codes, confirm
from tests.stack import Reply, Stack, refusal

NOT_FOUND = (
    404,
    "Organization not found",
    "There is no organisation of this fiscal code, or it is not yours.",
)


async def listed(stack: Stack, **query: str) -> Reply:
    """Return the list of organisations."""
    return await stack.call("list_organizations", query=query, key=OPERATOR_KEY)


async def decide(stack: Stack, name: str, fiscal_code: str = FISCAL_CODE) -> Reply:
    """Approve or suspend an organisation."""
    body = {"reason": "The key was found in public."} if name == "suspend_organization" else None
    path = {"fiscal_code": fiscal_code}
    return await stack.call(name, body, path=path, key=OPERATOR_KEY)


async def test_an_operator_lists_organisations_by_state_and_page(stack: Stack) -> None:
    """Organisations come in the order of their fiscal codes."""
    await with_organization(stack, OrganizationState.TRIAL, FISCAL_CODE)
    await with_organization(stack, OrganizationState.APPROVED, INTERMEDIARY)

    everything = await listed(stack)
    trial = await listed(stack, state="TRIAL")
    first = await listed(stack, limit="1")
    second = await listed(stack, limit="1", continuation=first.body["next"])

    def names(reply: Reply) -> list[str]:
        return [one["fiscal_code"] for one in reply.body["items"]]

    assert names(everything) == [INTERMEDIARY, FISCAL_CODE]
    assert names(trial) == [FISCAL_CODE]
    assert (names(first), names(second)) == ([INTERMEDIARY], [FISCAL_CODE])
    assert "next" not in second.body
    assert (await listed(stack, continuation="foreign")).status == 400
    assert (await listed(stack, state="OTHER")).status == 400


async def test_decisions_are_shown_and_may_be_repeated(stack: Stack) -> None:
    """A decision that stands already keeps its time."""
    await with_organization(stack, OrganizationState.TRIAL)
    suspended = await decide(stack, "suspend_organization")
    again = await decide(stack, "suspend_organization")
    approved = await decide(stack, "approve_organization")

    assert suspended.body["state"] == "SUSPENDED"
    assert suspended.body["reason"] == "The key was found in public."
    assert again.body == suspended.body
    assert approved.body["state"] == "APPROVED"
    assert "reason" not in approved.body


async def test_an_unknown_organisation_cannot_be_decided(stack: Stack) -> None:
    """Neither decision makes a record."""
    for name in ("approve_organization", "suspend_organization"):
        assert refusal(await decide(stack, name)) == NOT_FOUND
    assert (await listed(stack)).body["items"] == []


async def test_an_invited_intermediary_joins_with_the_code(stack: Stack) -> None:
    """The register of public bodies is not asked, and the operator sees no key."""
    body = {"fiscal_code": INTERMEDIARY, "name": "Software", "email": "PEC@software.example.org"}
    invited = await stack.call("invite_organization", body, key=OPERATOR_KEY)
    assert (invited.status, list(invited.body)) == (202, ["id"])
    await stack.drain()
    assert [mail.to for mail in stack.mailer.sent] == ["pec@software.example.org"]

    confirmed = await confirm(stack, codes(stack)[0])
    assert confirmed.body["organization"]["name"] == "Software"
    assert "ipa_code" not in confirmed.body["organization"]


async def test_a_wrong_invitation_names_its_field(stack: Stack) -> None:
    """Name, address and check digit."""
    good = {"fiscal_code": INTERMEDIARY, "name": "Software", "email": "pec@software.example.org"}
    for field, value in (("name", "ab"), ("email", "nobody"), ("fiscal_code", "12345678901")):
        reply = await stack.call("invite_organization", {**good, field: value}, key=OPERATOR_KEY)
        assert (reply.status, reply.body["errors"][0]["pointer"]) == (400, f"/{field}")


async def test_a_suspension_needs_a_reason(stack: Stack) -> None:
    """The reason has at least ten characters."""
    await with_organization(stack)
    for body in ({}, {"reason": "short"}):
        path = {"fiscal_code": FISCAL_CODE}
        reply = await stack.call("suspend_organization", body, path=path, key=OPERATOR_KEY)
        assert (reply.status, reply.body["errors"][0]["pointer"]) == (400, "/reason")
