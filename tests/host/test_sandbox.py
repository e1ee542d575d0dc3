"""The sandbox's endpoints, in a real host."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path

import jwt
import pytest

from infra.local.errors import HostError
from infra.local.sandbox.endpoints import parse_duration
from infra.local.sandbox.seed import KEY_SEED, PROFILE_SEED
from infra.local.sandbox.tokens import KEY_FILE, TokenIssuer
from tests.host.host_process import ROOT, HostProcess

CITIZEN = "AAAAAA00A00A000A"


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HostProcess]:
    """Yield one host for the module."""
    folder: Path = tmp_path_factory.mktemp("sandbox")
    with HostProcess(
        folder,
        "--workers",
        "1",
        CITIZEN_TOKEN_ISSUER="https://issuer",
        CITIZEN_TOKEN_AUDIENCE="app",
    ) as running:
        yield running


def test_a_token_verifies_against_the_key_set(host: HostProcess) -> None:
    """The token is of ES256, for one hour, with the fiscal code as SPID and CIE give it."""
    answer = host.call("POST", "/sandbox/token", {"fiscal_code": CITIZEN})
    assert answer.status == 200
    token = answer.json()["token"]
    key_set = jwt.PyJWKSet.from_json((host.folder / "citizen-jwks.json").read_text())
    key = key_set[jwt.get_unverified_header(token)["kid"]]
    claims = jwt.decode(
        token,
        key,
        algorithms=["ES256"],
        issuer="https://issuer",
        audience="app",
        options={"verify_iat": False, "verify_exp": False},
    )
    assert claims["fiscal_number"] == f"TINIT-{CITIZEN}"
    assert claims["exp"] - claims["iat"] == 3600
    assert datetime.fromisoformat(answer.json()["expires_at"]).timestamp() == claims["exp"]
    assert CITIZEN not in claims["sub"]
    assert '"d"' not in (host.folder / "citizen-jwks.json").read_text()
    assert (host.folder / KEY_FILE).stat().st_mode & 0o777 == 0o600


def test_the_start_page_knows_each_citizen_and_key(host: HostProcess) -> None:
    """Each that the seed writes, with a case that has a text on the page."""
    answer = host.call("GET", "/sandbox/start").json()
    texts = json.loads((ROOT / "web/src/texts/start/cases.json").read_text())

    codes = {one["fiscal_code"] for one in answer["citizens"]}
    assert codes >= {one["fiscal_code"] for one in PROFILE_SEED}
    assert {one["key"] for one in answer["keys"]} == {key for key, _ in KEY_SEED}
    cases = [one["case"] for one in answer["citizens"]] + [one["role"] for one in answer["keys"]]
    assert sorted(cases) == sorted(texts)
    ready = next(one for one in answer["citizens"] if one["fiscal_code"] == CITIZEN)
    assert (ready["name"], ready["about"]) == ("Ada Sandbox", "riceve tutto")


OWN = (
    ("GET", "/sandbox/start"),
    ("POST", "/sandbox/token"),
    ("POST", "/sandbox/session"),
    ("GET", "/sandbox/clock"),
    ("POST", "/sandbox/clock"),
    ("GET", "/sandbox/notifications"),
    ("DELETE", "/sandbox/notifications"),
    ("GET", "/admin/functions"),
    ("POST", "/admin/functions/noop"),
    ("GET", "/admin/host/status"),
)


@pytest.mark.parametrize("header", ["Host", "Origin"])
def test_pages_of_other_sites_reach_none_of_the_host_s_own_endpoints(
    host: HostProcess, header: str
) -> None:
    """A page of another site can do nothing, by another name or a form, and is told why."""
    clock = host.call("GET", "/sandbox/clock").json()["now"]
    for method, target in OWN:
        value = "evil.example" if header == "Host" else "https://evil.example"
        answer = host.call(method, target, {"advance": "P1D"}, **{header: value})
        assert (method, target, answer.status) == (method, target, 403)
        assert header in answer.json()["detail"]
    assert host.call("GET", "/sandbox/clock").json()["now"][:10] == clock[:10]
    assert host.call("GET", "/noop", Host="evil.example").status == 200


def test_every_endpoint_of_the_host_s_own_is_looked_at() -> None:
    """A new endpoint must be added to the list above."""
    folder = Path(__file__).parents[2] / "infra" / "local"
    text = "".join(path.read_text() for path in folder.rglob("*.py"))
    added = re.findall(r'http\.add\(\s*"(\w+)",\s*"([^"]+)"', text)

    assert {(method, f"/{path.replace('{name}', 'noop')}") for method, path in added} == {*OWN}


@pytest.mark.parametrize("body", [{}, {"fiscal_code": "x"}, {"fiscal_code": 1}, [], b"{"])
def test_a_token_for_nobody_is_refused(host: HostProcess, body: object) -> None:
    """The problem names the field and the rule."""
    answer = host.call("POST", "/sandbox/token", body)
    assert answer.status == 400
    assert ("content-type", "application/problem+json") in answer.headers
    assert "fiscal_code" in answer.json()["detail"]


def test_the_clock_moves_forward_and_tokens_with_it(host: HostProcess) -> None:
    """The clock moves by a duration, or to a moment."""
    before = datetime.fromisoformat(host.call("GET", "/sandbox/clock").json()["now"])
    moved = host.call("POST", "/sandbox/clock", {"advance": "P3DT2H"}).json()["now"]
    told = parsedate_to_datetime(dict(host.call("GET", "/ping").headers)["Date"])
    assert before + timedelta(days=3) < told
    ahead = datetime.fromisoformat(moved) - before
    assert timedelta(days=3, hours=2) <= ahead < timedelta(days=3, hours=2, seconds=10)
    target = before + timedelta(days=30)
    answer = host.call("POST", "/sandbox/clock", {"now": target.isoformat()})
    assert abs(datetime.fromisoformat(answer.json()["now"]) - target) < timedelta(seconds=10)
    expires = host.call("POST", "/sandbox/token", {"fiscal_code": CITIZEN}).json()["expires_at"]
    assert datetime.fromisoformat(expires) > target


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"now": "2020-01-01T00:00:00Z"}, "/now"),
        ({"now": "2090-01-01T00:00:00"}, "/now"),
        ({"now": 5}, "/now"),
        ({"advance": "P1M"}, "/advance"),
        ({"advance": "-P1D"}, "/advance"),
        ({"advance": "P9999999999999D"}, "/advance"),
    ],
)
def test_a_clock_that_cannot_move_so(
    host: HostProcess, body: dict[str, object], pointer: str
) -> None:
    """A move back, without a zone or by months is a 400 that names the field."""
    answer = host.call("POST", "/sandbox/clock", body)
    assert answer.status == 400
    assert answer.json()["errors"][0]["pointer"] == pointer


def test_a_clock_body_names_one_way(host: HostProcess) -> None:
    """A body with both ways, or with none, is a 400."""
    for body in ({}, {"now": "2090-01-01T00:00:00Z", "advance": "P1D"}, b""):
        assert host.call("POST", "/sandbox/clock", body).status == 400


def test_notifications_are_listed_filtered_and_emptied(host: HostProcess) -> None:
    """The sandbox shows the notifications that an adapter appended to the file."""
    assert host.call("GET", "/sandbox/notifications").json() == {"items": []}
    lines = [{"message_id": "1", "title": "a"}, {"message_id": "2", "title": "b"}]
    text = "".join(json.dumps(line) + "\n" for line in lines)
    (host.folder / "notifications.jsonl").write_text(text)
    assert host.call("GET", "/sandbox/notifications").json() == {"items": lines}
    one = host.call("GET", "/sandbox/notifications?message_id=2").json()
    assert one == {"items": lines[1:]}


def test_a_line_that_was_cut_short_hides_no_other(host: HostProcess) -> None:
    """The listing reports a line that a full disk or a kill cut, and goes on."""
    path = host.folder / "notifications.jsonl"
    path.write_bytes(
        b'{"message_id": "1"}\n{"message_id": "2", "ti\n[1]\n\xff\n{"message_id": "3"}\n'
    )

    answer = host.call("GET", "/sandbox/notifications")

    assert answer.status == 200
    assert [item["message_id"] for item in answer.json()["items"]] == ["1", "3"]
    assert answer.json()["unreadable_lines"] == 3
    assert host.call("DELETE", "/sandbox/notifications").status == 204
    assert host.call("GET", "/sandbox/notifications").json() == {"items": []}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("P3DT2H", timedelta(days=3, hours=2)),
        ("PT90M", timedelta(minutes=90)),
        ("P2W", timedelta(weeks=2)),
        ("PT1S", timedelta(seconds=1)),
    ],
)
def test_durations(text: str, expected: timedelta) -> None:
    """A duration has weeks, days, hours, minutes and seconds."""
    assert parse_duration(text) == expected


@pytest.mark.parametrize("text", ["", "P", "PT", "P1Y", "3D", "P1DT", "P1.5D"])
def test_other_durations_are_refused(text: str) -> None:
    """Any other text is refused."""
    with pytest.raises(ValueError, match="ISO 8601"):
        parse_duration(text)


def test_the_key_is_made_once(tmp_path: Path) -> None:
    """A second start signs with the same key, and gives a citizen the same subject."""
    now = datetime(2026, 1, 1, tzinfo=UTC)
    tokens = [TokenIssuer(tmp_path, "i", "a").issue(CITIZEN, now)[0] for _ in range(2)]
    subjects = [jwt.decode(t, options={"verify_signature": False})["sub"] for t in tokens]
    assert subjects[0] == subjects[1]
    assert len({jwt.get_unverified_header(t)["kid"] for t in tokens}) == 1
    assert {p.name for p in tmp_path.iterdir()} == {KEY_FILE, "citizen-jwks.json"}


@pytest.mark.parametrize("content", [b"", b"not a key", b"-----BEGIN PRIVATE KEY-----\n"])
def test_a_damaged_key_file_is_one_clear_line(tmp_path: Path, content: bytes) -> None:
    """The line names the file and the remedy, without a traceback."""
    (tmp_path / KEY_FILE).write_bytes(content)
    with pytest.raises(
        HostError, match=f"{KEY_FILE} does not have an elliptic-curve key; delete it"
    ):
        TokenIssuer(tmp_path, "i", "a")
