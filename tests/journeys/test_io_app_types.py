"""IO's own types (npm @pagopa/io-functions-commons) decode our answers to the citizen's app."""

from collections.abc import Iterator
from typing import Any

import pytest

from infra.local.sandbox.seed import SERVICE_ID
from tests.builders.payments import a_payment
from tests.functions.attachments.file_calls import PDF
from tests.journeys.answers.attachments import uploaded
from tests.journeys.sdk.client import CI, COMMONS, Client, needs_node
from tests.journeys.support import INBOX, Journeys
from tests.journeys.test_remote_content import received

IDENTITY = "/api/identity/v1"
CITIZEN = "COMMON00A00A000A"
pytestmark = [
    needs_node,
    pytest.mark.skipif(not CI and not COMMONS.exists(), reason="make test installs IO's types"),
]


@pytest.fixture(scope="module")
def client(journeys: Journeys) -> Iterator[Client]:
    """Start a Node process with IO's types."""
    with Client(journeys.base) as client:
        yield client


def ask(journeys: Journeys, method: str, path: str, body: Any = None) -> Any:
    """Return the body of a successful answer."""
    token = journeys.token(CITIZEN)
    answer = journeys.as_citizen(method, path, token=token, json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


def decoded(client: Client, type_: str, value: Any) -> Any:
    """Return what IO's type makes of the value."""
    found = client.decode(type_, value, "commons")
    assert "value" in found, found
    return found["value"]


def test_it_decodes_what_the_app_reads(journeys: Journeys, client: Client) -> None:
    """Profile, preferences, lists, messages, flags and requests for data, at each step."""
    fresh = ask(journeys, "GET", f"{IDENTITY}/profile")
    assert decoded(client, "Profile", fresh)["version"] == 0
    accepted = {"version": 0, "accepted_tos_version": 1, "email": "ada@example.org"}
    changed = ask(journeys, "POST", f"{IDENTITY}/profile", accepted)
    profile = decoded(client, "Profile", changed)
    assert (profile["is_inbox_enabled"], profile["version"]) == (True, 1)
    mode = {"version": 1, "service_preferences_settings": {"mode": "AUTO"}}
    decoded(client, "Profile", ask(journeys, "POST", f"{IDENTITY}/profile", mode))
    assert decoded(client, "ExtendedProfile", changed)["is_email_validated"] is False

    path = f"{IDENTITY}/services/{SERVICE_ID}/preferences"
    preference = decoded(client, "ServicePreference", ask(journeys, "GET", path))
    assert decoded(client, "ServicePreference", ask(journeys, "POST", path, preference))

    plain = journeys.deliver(fiscal_code=CITIZEN)
    notice = {"payment_data": a_payment(), "due_date": "2027-06-30T21:59:59Z"}
    paying = journeys.deliver(fiscal_code=CITIZEN, content=notice)
    for query in ("", "?enrich_result_data=true", "?page_size=1", "?archived=true"):
        page = ask(journeys, "GET", f"{INBOX}{query}")
        decoded(client, "PaginatedPublicMessagesCollection", page)
        for item in page["items"]:
            kind = "EnrichedMessage" if "enrich" in query else "CreatedMessageWithoutContent"
            assert decoded(client, kind, item)["id"] in {plain, paying}
    for id_ in (plain, paying):
        message = ask(journeys, "GET", f"{INBOX}/{id_}?public_message=true")
        decoded(client, "CreatedMessageWithContentAndEnrichedData", message)
        decoded(client, "CreatedMessageWithContent", ask(journeys, "GET", f"{INBOX}/{id_}"))
        reading = {"change_type": "reading", "is_read": True}
        flags = ask(journeys, "PUT", f"{INBOX}/{id_}/status", reading)
        assert decoded(client, "MessageStatusAttributes", flags)["is_read"] is True

    processing = f"{IDENTITY}/user-data-processing"
    request = ask(journeys, "POST", processing, {"choice": "DOWNLOAD"})
    assert decoded(client, "UserDataProcessing", request)["status"] == "PENDING"
    decoded(client, "UserDataProcessing", ask(journeys, "GET", f"{processing}/DOWNLOAD"))
    asked = ask(journeys, "POST", processing, {"choice": "DELETE"})
    assert decoded(client, "UserDataProcessing", asked)["choice"] == "DELETE"
    token = journeys.token(CITIZEN)
    journeys.as_citizen("DELETE", f"{processing}/DELETE", token=token)
    aborted = ask(journeys, "GET", f"{processing}/DELETE")
    assert decoded(client, "UserDataProcessing", aborted)["status"] == "ABORTED"


def test_it_decodes_content_that_senders_keep(journeys: Journeys, client: Client) -> None:
    """The message, its precondition and its attachments, as they are announced or not."""
    path = f"{received(journeys, 'fascicolo-1')}"
    message = journeys.as_citizen("GET", f"/api/v1/{path}", token=journeys.token()).json()
    shown = decoded(client, "ThirdPartyMessageWithContent", message)["third_party_message"]
    assert shown["details"]["subject"] == "Il tuo fascicolo"
    for attachment in message["third_party_message"]["attachments"]:
        assert decoded(client, "ThirdPartyAttachment", attachment)["category"] == "DOCUMENT"
    asked = journeys.as_citizen(
        "GET", f"/api/v1/{path}/precondition", token=journeys.token()
    ).json()
    assert decoded(client, "ThirdPartyMessagePrecondition", asked) == asked
    path = received(journeys, "fascicolo-1", has_attachments=False, has_remote_content=False)
    bare = journeys.as_citizen("GET", f"/api/v1/{path}", token=journeys.token()).json()
    assert decoded(client, "ThirdPartyMessageWithContent", bare)["third_party_message"] == {
        "attachments": [],
        "details": {name: bare["content"][name] for name in ("subject", "markdown")},
    }


def test_it_decodes_files_that_are_stored_here(journeys: Journeys, client: Client) -> None:
    """The message announces them, and they come as the attachments of a sender's host."""
    file = uploaded(journeys, PDF).rpartition("/")[2]
    id_ = journeys.deliver(attachments=[file])
    read = journeys.as_citizen("GET", f"{INBOX}/{id_}", token=journeys.token()).json()
    message = decoded(client, "CreatedMessageWithContent", read)
    assert message["content"]["third_party_data"]["has_attachments"] is True
    path = f"/api/v1/third-party-messages/{id_}"
    shown = journeys.as_citizen("GET", path, token=journeys.token()).json()
    content = decoded(client, "ThirdPartyMessageWithContent", shown)["third_party_message"]
    (attachment,) = content["attachments"]
    assert decoded(client, "ThirdPartyAttachment", attachment)["name"] == "certificato.pdf"
    where = f"{path}/attachments/{attachment['url']}"
    assert journeys.as_citizen("GET", where, token=journeys.token()).content == PDF


@pytest.mark.parametrize(
    ("type_", "wrong"),
    [
        ("ThirdPartyMessageWithContent", {"third_party_message": {"attachments": [{}]}}),
        ("ThirdPartyMessagePrecondition", {"title": "x"}),
        ("Profile", {"version": 0, "is_inbox_enabled": "yes"}),
        ("ServicePreference", {"is_inbox_enabled": True}),
        ("PaginatedPublicMessagesCollection", {"items": [{"id": 1}]}),
        ("CreatedMessageWithContent", {"id": "x"}),
        ("UserDataProcessing", {"choice": "DOWNLOAD", "status": "DONE", "version": 0}),
    ],
)
def test_the_types_refuse_what_is_wrong(client: Client, type_: str, wrong: Any) -> None:
    """So the test above can fail."""
    assert "refused" in client.decode(type_, wrong, "commons")
