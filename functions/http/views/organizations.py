"""The form in which answers show an organisation and its keys."""

from typing import Annotated, Literal

from pydantic import Field

from lib.domain.organizations.organization import MAX_KEY_CHANGES, KeyChanger, Organization
from lib.domain.services.keys import KeySlot
from lib.domain.shared.described import says
from lib.domain.shared.identifiers import OrganizationFiscalCode
from lib.domain.shared.model import Model
from lib.use_cases.services.issue_keys import ShownKeys

StateName = Literal["TRIAL", "APPROVED", "SUSPENDED"]

ORGANIZATION = says("The fiscal code of the organisation.")
STATE = says(
    "TRIAL: the organisation writes to the authorised recipients of its services, a few times a "
    "day. APPROVED: it writes to every citizen. SUSPENDED: all its keys are refused."
)


class KeyChangeView(Model):
    """The replacement of a manage key."""

    at: Annotated[str, says("When the key was replaced: date and time in UTC.")]
    key_type: Annotated[KeySlot, says("The key: primary or secondary.")]
    by: Annotated[
        KeyChanger,
        says(
            "ORGANIZATION: a call with the other manage key. DOMICILE: the code of a later "
            "application. OPERATOR: an operator of the installation."
        ),
    ]


class OrganizationView(Model):
    """An organisation; times in UTC."""

    fiscal_code: Annotated[OrganizationFiscalCode, ORGANIZATION]
    name: Annotated[str, says("The name of the organisation, as the register has it.")]
    ipa_code: Annotated[
        str | None,
        says("Its code in the register of public bodies (IPA). Absent: it is not in the register."),
    ] = None
    state: Annotated[StateName, STATE]
    reason: Annotated[
        str | None, says("Why an operator suspended it. Absent: it is not suspended.")
    ] = None
    created_at: Annotated[str, says("When the organisation joined: date and time in UTC.")]
    state_changed_at: Annotated[
        str | None,
        says("When an operator decided on its state: date and time in UTC. Absent: never."),
    ] = None
    key_changes: Annotated[
        list[KeyChangeView],
        Field(max_length=MAX_KEY_CHANGES),
        says("The latest replacements of its manage keys, the oldest first."),
    ] = []  # noqa: RUF012 - pydantic copies it


class KeysView(Model):
    """The two keys of a subscription."""

    primary_key: Annotated[
        str,
        says("The first key: in full in the answer that made it, later its last characters alone."),
    ]
    secondary_key: Annotated[
        str, says("The second key, shown as the first one. Either key may be used.")
    ]


def organization_view(organization: Organization) -> OrganizationView:
    """Return the organisation as answers show it."""
    return OrganizationView(
        fiscal_code=organization.fiscal_code,
        name=organization.name,
        ipa_code=organization.ipa_code or None,
        state=organization.state.value,
        reason=organization.reason or None,
        created_at=organization.created_at,
        state_changed_at=organization.state_changed_at or None,
        key_changes=[
            KeyChangeView(at=one.at, key_type=one.slot, by=one.by)
            for one in organization.key_changes
        ],
    )


def keys_view(keys: ShownKeys) -> KeysView:
    """Return the keys as answers show them."""
    return KeysView(primary_key=keys.primary, secondary_key=keys.secondary)
