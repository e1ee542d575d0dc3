"""Calls that meet every declared answer about profiles, devices and links of e-mails."""

import re
from collections.abc import Callable

from infra.local.sandbox.seed import (
    EMAIL_CITIZEN,
    SERVICE_ID,
)
from lib.composition.settings.push import SANDBOX_PUBLIC_KEY
from tests.functions.devices.device_calls import a_subscription
from tests.host.host_process import wait_for
from tests.journeys.answers.paths import (
    PACKED,
)
from tests.journeys.support import Journeys


def settings(journeys: Journeys, base: str, version: int) -> None:
    """Meet every answer about a citizen's settings, whose current version is `version`."""
    token, nobody = journeys.token("NOREMI00A00A000A"), journeys.token("NOPROF00A00A000A")
    profile, preferences = f"{base}/profile", f"{base}/services/{SERVICE_ID}/preferences"
    flags = dict.fromkeys(("is_inbox_enabled", "is_email_enabled", "is_webhook_enabled"), True)
    choice, update = {**flags, "settings_version": 0}, {"version": version}
    hours = {"from": "22:00", "to": "07:00"}
    for status, method, path, body, who in (
        (200, "GET", profile, None, token),
        (200, "GET", profile, None, nobody),
        (200, "POST", profile, {**update, "quiet_hours": hours}, token),
        (409, "POST", profile, update, token),
        (409, "POST", profile, {"version": 1}, nobody),
        (200, "GET", preferences, None, token),
        (404, "GET", preferences, None, nobody),
        (400, "GET", f"{base}/services/a.b/preferences", None, token),
        (200, "POST", preferences, choice, token),
        (404, "POST", preferences, choice, nobody),
        (409, "POST", preferences, {**choice, "settings_version": 9}, token),
    ):
        answer = journeys.as_citizen(method, path, token=who, json=body)
        assert answer.status_code == status, f"{method} {path}: {answer.text}"
    for path in (profile, preferences):
        for method in ("GET", "POST"):
            assert journeys.as_citizen(method, path, token="x").status_code == 401
        for status, data, headers in (
            (400, b"{}", {}),
            (413, b" " * 70_000, {}),
            (415, b"{}", PACKED),
        ):
            answer = journeys.as_citizen("POST", path, token=token, data=data, headers=headers)
            assert answer.status_code == status, f"{path}: {answer.text}"
    legacy(journeys, preferences)


def legacy(journeys: Journeys, preferences: str) -> None:
    """Meet the refusal to read a service's preferences in the mode that has none."""
    token = journeys.token("LEGACY00A00A000A")
    journeys.as_citizen("POST", "/api/v1/profile", token=token, json={"version": 0})
    assert journeys.as_citizen("GET", preferences, token=token).status_code == 409


def validations(journeys: Journeys, base: str, citizen: str) -> None:
    """Meet every answer to a citizen who wants an address validated, and the link's page."""
    token, path = journeys.token(citizen), f"{base}/email-validation-process"

    def ask(who: str) -> int:
        return journeys.as_citizen("POST", path, token=who).status_code

    assert ask(token) == 404
    profile = {"version": 0, "email": "first@example.org"}
    assert journeys.as_citizen("POST", f"{base}/profile", token=token, json=profile).ok
    assert ask(token) == 202
    (validate,) = linked(journeys, "first@example.org")
    late = asked_too_late(journeys, base, "SECOND" + citizen[6:], validate)
    follow(journeys, validate)
    late()
    read = journeys.as_citizen("GET", f"{base}/profile", token=token).json()
    assert read["is_email_validated"]
    assert ask(token) == 400
    profile = {"version": 1, "email": "second@example.org"}
    assert journeys.as_citizen("POST", f"{base}/profile", token=token, json=profile).ok
    assert ask(token) == 429
    assert ask("x") == 401
    journeys.call("DELETE", "/sandbox/notifications")


def asked_too_late(journeys: Journeys, base: str, citizen: str, other: str) -> Callable[[], None]:
    """Ask for the validation of an address; return a call for when another has the address."""
    token, path = journeys.token(citizen), f"{base}/email-validation-process"
    profile = {"version": 0, "email": "first@example.org"}
    assert journeys.as_citizen("POST", f"{base}/profile", token=token, json=profile).ok
    assert journeys.as_citizen("POST", path, token=token).status_code == 202
    found = wait_for(lambda: set(linked(journeys, "first@example.org")) - {other})

    def taken() -> None:
        (link,) = found
        assert journeys.call("POST", link).status_code == 412
        assert journeys.as_citizen("POST", path, token=token).status_code == 412
        third = journeys.token("THIRDC" + citizen[6:])
        update = journeys.as_citizen("POST", f"{base}/profile", token=third, json=profile)
        assert update.status_code == 412

    return taken


def links(journeys: Journeys) -> None:
    """Meet every answer to a reader who opens a link of an e-mail."""
    journeys.deliver(fiscal_code=EMAIL_CITIZEN)
    for path in linked(journeys, "emails@example.org"):
        follow(journeys, path)


def linked(journeys: Journeys, address: str) -> list[str]:
    """Wait for an e-mail; return the paths of its links."""

    def look() -> list[str]:
        listed = journeys.call("GET", "/sandbox/notifications").json()["items"]
        texts = [one["text"] for one in listed if one.get("to") == address]
        return re.findall(r"/api/mail/v1/\S+", "".join(texts))

    return wait_for(look)


def follow(journeys: Journeys, path: str) -> None:
    """Open a link and send its form; then do the same with a link that does not exist."""
    nothing = path.rpartition("/")[0] + "/x"
    for method in ("GET", "POST"):
        answer = journeys.call(method, path, data=b"List-Unsubscribe=One-Click")
        assert answer.status_code == 200
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
        assert journeys.call(method, nothing).status_code == 404


def devices(journeys: Journeys) -> None:
    """Meet every answer about a citizen's devices, under both bases."""
    token = journeys.token()
    body = {"platform": "fcmv1", "pushChannel": "a-channel"}
    long = {"platform": "apns", "pushChannel": " " * 70_000}
    for base in ("/api/v1/installations", "/api/communication/v1/installations"):
        for status, method, path, sent in (
            (200, "PUT", f"{base}/one", body),
            (200, "PUT", f"{base}/one", {**body, "platform": "gcm"}),
            (400, "PUT", f"{base}/one", {**body, "platform": "wns"}),
            (413, "PUT", f"{base}/one", long),
            (200, "DELETE", f"{base}/one", None),
            (400, "PUT", f"{base}/{'x' * 257}", body),
            (400, "DELETE", f"{base}/{'x' * 257}", None),
        ):
            answer = journeys.as_citizen(method, path, token=token, json=sent)
            assert answer.status_code == status, f"{method} {path}: {answer.text}"
        for method in ("PUT", "DELETE"):
            answer = journeys.as_citizen(method, f"{base}/one", token="x", json=body)
            assert answer.status_code == 401
        plain = journeys.as_citizen("PUT", f"{base}/one", token=token, data=b"x", headers=PACKED)
        assert plain.status_code == 415
    browsers(journeys, token)


def browsers(journeys: Journeys, token: str) -> None:
    """Meet every answer about browsers, about the list of devices and about the key of web push."""
    listing = "/api/communication/v1/installations"
    path, key = f"{listing}/one/subscription", "/api/communication/v1/push-key"
    body = a_subscription("one")
    for status, sent in (
        (200, body),
        (400, {**body, "endpoint": "http://push.example/"}),
        (413, {**body, "endpoint": " " * 70_000}),
    ):
        answer = journeys.as_citizen("PUT", path, token=token, json=sent)
        assert answer.status_code == status, answer.text
    plain = journeys.as_citizen("PUT", path, token=token, data=b"x", headers=PACKED)
    assert plain.status_code == 415
    assert journeys.as_citizen("PUT", path, token="x", json=body).status_code == 401
    assert journeys.as_citizen("GET", listing, token=token).json()["items"]
    assert journeys.as_citizen("GET", listing, token="x").status_code == 401
    for unknown in (f"{listing}?page=2", f"{key}?page=2"):
        assert journeys.as_citizen("GET", unknown, token=token).status_code == 400
    answer = journeys.call("GET", key)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "public, max-age=3600")
    assert answer.json() == {"public_key": SANDBOX_PUBLIC_KEY}
