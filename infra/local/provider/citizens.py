"""The citizens who can be chosen on the login screen of the sandbox.

The codes are those of infra.local.sandbox.seed, which loads the app: the supervisor must not. Most
name their case and have no date of birth.
"""

from typing import Final, NamedTuple


class SandboxCitizen(NamedTuple):
    """A citizen with the attributes of a login. `about`: the text on the screen, in Italian."""

    fiscal_code: str
    about: str
    given_name: str = "Ada"
    family_name: str = "Sandbox"
    birthdate: str = "1980-01-01"
    email: str = ""


CITIZENS: Final = (
    SandboxCitizen("AAAAAA00A00A000A", "riceve tutto"),
    SandboxCitizen("RSSMRA80A01H501U", "riceve tutto", "Mario", "Rossi"),
    SandboxCitizen("SAMPLE00A00A000A", "riceve il messaggio di esempio"),
    SandboxCitizen("EMAILS00A00A000A", "ha un indirizzo e-mail", email="emails@example.org"),
    SandboxCitizen("INBOFF00A00A000A", "ha spento la casella"),
    SandboxCitizen("BLOCKD00A00A000A", "ha bloccato il servizio di esempio"),
    SandboxCitizen("MANUAL00A00A000A", "sceglie i servizi uno per uno"),
    SandboxCitizen("NOREMI00A00A000A", "non vuole promemoria"),
    SandboxCitizen("NOPROF00A00A000A", "entra per la prima volta"),
    SandboxCitizen("MINORE00A00A000A", "ha meno di 14 anni", birthdate="2020-01-01"),
)


def citizen(fiscal_code: str) -> SandboxCitizen:
    """Return the citizen with this code; one who is not on the screen has the usual name."""
    usual = SandboxCitizen(fiscal_code, "")
    return next((one for one in CITIZENS if one.fiscal_code == fiscal_code), usual)
