"""Configurations of remote content: where the app fetches content from a sender, and how.

A configuration has an environment for citizens, and one for the test users of the sender.
"""

import re
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, Field

from lib.domain.messages.content import ContentModel, Precondition
from lib.domain.shared.described import says
from lib.domain.shared.identifiers import FiscalCodeField
from lib.domain.shared.values import NOT_NULL, Flag, IOType, NonEmpty

MAX_URL_LENGTH: Final = 1024
MAX_CITIZENS: Final = 1000
_LABEL: Final = "([0-9A-Za-z-]{0,61}[0-9A-Za-z])?"
BASE_URL_PATTERN: Final = (
    rf"^(https://([0-9A-Za-z]{_LABEL}\.)+[A-Za-z]{_LABEL}(:443)?"
    r"|http://127\.0\.0\.1(:[0-9]{1,5})?)"
    r"(/[!$-;=@-\[\]_a-z~]*)?$"
)
"""An https URL with a public host name (not an address), the default port and no credentials.

The URL has no query and no fragment. A URL of this machine fits, and serves in the sandbox alone.
"""
HEADER_NAME_PATTERN: Final = "^[0-9A-Za-z!#$%&'*+.^_`|~-]{1,100}$"
_BASE_URL: Final = re.compile(BASE_URL_PATTERN[1:-1])

EnvironmentName = Literal["test_environment", "prod_environment"]


def _is_base(url: str) -> str:
    if len(url) > MAX_URL_LENGTH or not _BASE_URL.fullmatch(url):
        msg = (
            f"must be an https URL of at most {MAX_URL_LENGTH} characters, with a host name and no "
            "address, port 443 if any, no credentials, no query and no fragment"
        )
        raise ValueError(msg)
    return url


BaseUrl = Annotated[
    str,
    AfterValidator(_is_base),
    Field(json_schema_extra={"maxLength": MAX_URL_LENGTH, "pattern": BASE_URL_PATTERN}),
    IOType(("non empty string",), "must be an https URL of a public host by its name", "ADDRESS"),
]
Pem = Annotated[NonEmpty, Field(max_length=16_384)]


class ClientCertificate(ContentModel):
    """A certificate by which the sender's host recognises this app (mutual TLS); texts in PEM."""

    client_cert: Annotated[Pem, says("The certificate that is shown to your host, in PEM.")]
    client_key: Annotated[
        Pem,
        says(
            "The private key of the certificate, in PEM and without a password. It is never "
            "returned: answers have ******** in its place."
        ),
    ]
    server_ca: Annotated[
        Pem, says("The certificates of the authorities that your host's certificate is from.")
    ]


class Authentication(ContentModel):
    """The header, and optionally the certificate, by which the sender's host recognises calls."""

    header_key_name: Annotated[
        str,
        Field(pattern=HEADER_NAME_PATTERN),
        IOType(("non empty string",), "must be the name of an HTTP header"),
        says("The name of the header that has the key in each call to your host."),
    ]
    key: Annotated[
        NonEmpty,
        Field(max_length=4096),
        says(
            "The value of that header. It is never returned: answers have ******** in its place, "
            "and a replacement that sends ******** keeps the stored key."
        ),
    ]
    type: Annotated[NonEmpty, says("The kind of the key, in your own words, such as API-KEY.")]
    cert: Annotated[
        ClientCertificate | None,
        NOT_NULL,
        says("The certificate for mutual TLS. Absent: the header alone identifies calls."),
    ] = None


class Environment(ContentModel):
    """A host of the sender that has the content of messages."""

    base_url: Annotated[
        BaseUrl,
        says(
            "The address below which your host answers GET /messages/{id}, "
            "/messages/{id}/precondition and /messages/{id}/{attachment_url}."
        ),
    ]
    details_authentication: Annotated[
        Authentication, says("How your host recognises the calls of this app.")
    ]


class TrialEnvironment(Environment):
    """The host for messages to the sender's test users."""

    test_users: Annotated[
        list[FiscalCodeField],
        Field(max_length=MAX_CITIZENS),
        says("The fiscal codes of the citizens whose content comes from this environment."),
    ]


class Configuration(ContentModel):
    """The content of a configuration, as IO's clients write it."""

    name: Annotated[NonEmpty, says("The name of the configuration, for you alone.")]
    description: Annotated[NonEmpty, says("The purpose of the configuration, for you alone.")]
    has_precondition: Annotated[
        Precondition,
        IOType(("HasPrecondition",), "must be ALWAYS, ONCE or NEVER"),
        says(
            "Whether the citizen must confirm a notice of yours before a message opens: ALWAYS, "
            "ONCE (until it was read) or NEVER. A message may say otherwise."
        ),
    ]
    disable_lollipop_for: Annotated[
        list[FiscalCodeField],
        Field(max_length=MAX_CITIZENS),
        says("The fiscal codes of citizens whose requests are not signed, for tests of yours."),
    ]
    is_lollipop_enabled: Annotated[
        Flag,
        says("Whether your host gets the citizen's own signature (LolliPoP) with each request."),
    ]
    test_environment: Annotated[
        TrialEnvironment | None,
        NOT_NULL,
        says("The host for messages to your test users. Absent: there is none."),
    ] = None
    prod_environment: Annotated[
        Environment | None,
        NOT_NULL,
        says("The host for messages to all other citizens. Absent: there is none yet."),
    ] = None

    @property
    def environments(self) -> dict[EnvironmentName, Environment]:
        """The environments that the configuration has, by name."""
        both: dict[EnvironmentName, Environment | None] = {
            "test_environment": self.test_environment,
            "prod_environment": self.prod_environment,
        }
        return {name: one for name, one in both.items() if one is not None}


def environment_for(configuration: Configuration, fiscal_code: str) -> EnvironmentName | None:
    """Return the environment that has a citizen's content; None if there is none.

    Test users get the test environment, all other citizens the other one.
    """
    test = configuration.test_environment
    if test is not None and fiscal_code in test.test_users:
        return "test_environment"
    return "prod_environment" if configuration.prod_environment is not None else None
