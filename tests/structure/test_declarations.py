"""The declarations of policies, queues, settings and OpenAPI agree with the code."""

import ast
import contextlib
import importlib
import json
import pkgutil
import re
import sqlite3
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import azure.functions as func
import pytest
from openapi_spec_validator import validate

import functions
from functions.declared import BLUEPRINTS, CONSUMERS, ELSEWHERE, ENDPOINTS, TIMERS
from functions.http.contract.call import FileBody
from functions.http.contract.endpoint import Endpoint
from functions.http.openapi.audiences import Audience
from functions.http.openapi.document import build, printed
from functions.index import AT_ONCE, BODY_LIMITS, INDEX, PRIORITY_FUNCTIONS, declaration, register
from functions.queues.contract import Consumer
from functions.queues.messages import fan_out_message
from functions.timers.contract import Timer
from infra.local.sandbox.seed import CITIZEN, MANAGE_KEY, OPERATOR_KEY
from lib.adapters.embedded.sqlite.store import file_of
from lib.composition.settings import SET_BY_THE_PLATFORM, Settings, read_settings
from lib.composition.stacks import STORE_FILE
from lib.domain.shared.identifiers import FISCAL_CODE_PATTERN
from lib.ports.documents import Container
from lib.ports.errors import UnavailableError
from lib.ports.queue import POISON_SUFFIX
from lib.ports.queueing import names as queues
from lib.ports.queueing.names import MAX_DEQUEUE_COUNT
from lib.ports.schema.containers import CONTAINERS
from lib.use_cases.inbox.search_inbox import FEW_FRESH
from tests.builders.inboxes import fill
from tests.builders.managed_services import Manager
from tests.builders.messages import a_message
from tests.builders.organizations import with_trial_and_delegation
from tests.builders.parties import with_delegation
from tests.builders.payments import a_payment
from tests.builders.profiles import with_profile
from tests.builders.remote_content import a_configuration, create
from tests.builders.vouchers import VoucherSender
from tests.functions.attachments.file_calls import deliver, ready
from tests.functions.batches.batch_calls import sent as sent_batch
from tests.functions.batches.template_calls import save
from tests.functions.certificates.certificate_calls import asked
from tests.functions.documents.kept_calls import keep
from tests.stack import Stack

ROOT = Path(__file__).parents[2]
PUBLIC = {
    "read_openapi",
    "read_status",
    "read_info",
    "read_push_key",
    "ping",
    "ping_v1",
    "list_relying_party_keys",
    "read_entity_configuration",
    "read_backend_status",
    "show_unsubscribe",
    "do_unsubscribe",
    "take_translation",
    "show_validate_email",
    "do_validate_email",
    "download_service_logo",
    "download_organization_logo",
    "apply_organization",
    "confirm_organization",
    "begin_login",
    "finish_login",
    "exchange_token",
    "revoke_token",
    "end_session",
    "show_logged_out",
    "read_authorization_server",
    "read_openid_provider",
    "list_login_providers",
    "list_signing_keys",
    "hold_key",
    "list_held_keys",
    "forget_key",
    "forget_keys",
}


def test_only_listed_endpoints_need_no_caller() -> None:
    """A new endpoint for everybody must be named here."""
    open_to_all = {one.name for one in ENDPOINTS if one.policy.scheme is None}
    assert open_to_all == PUBLIC


def test_no_two_endpoints_share_a_method_and_the_form_of_a_path() -> None:
    """The method decides whose operation it is where citizens and senders have the same path."""
    forms = Counter(
        (method, re.sub(r"{\w+}", "{}", one.path.lower()))
        for one in ENDPOINTS
        for method in one.methods
    )

    assert [form for form, count in forms.items() if count > 1] == []


def declared(kind: Any) -> set[str]:
    """Name all endpoints, consumers or timers that a module of the triggers has."""
    modules = [
        importlib.import_module(one.name)
        for one in pkgutil.walk_packages(functions.__path__, "functions.")
        if not one.name.endswith("__main__")
    ]
    values = {id(value): value for module in modules for value in vars(module).values()}
    return {value.name for value in values.values() if isinstance(value, kind)}


def test_all_that_is_declared_is_deployed() -> None:
    """No module leaves one out of its ENDPOINTS, CONSUMERS or TIMERS; no two share a name."""
    for kind, deployed in ((Endpoint, ENDPOINTS), (Consumer, CONSUMERS), (Timer, TIMERS)):
        names = Counter(one.name for one in deployed)
        assert declared(kind) <= names.keys()
        assert max(names.values()) == 1


def test_the_index_finds_each_declaration_in_its_own_module() -> None:
    """A call of one function imports the module of that function, and not those of all."""
    found = [declaration(one["at"], one["name"]) for one in INDEX]
    of_all = {one["name"] for one in INDEX if one["at"].startswith("functions.declared:")}

    assert [id(one) for one in found] == [id(one) for one in BLUEPRINTS]
    assert of_all == {"read_openapi", ELSEWHERE.name}


def test_every_queue_has_a_consumer_and_a_poison_consumer(stack: Stack) -> None:
    """Nothing is put where nobody looks."""
    names = {
        value
        for name, value in vars(queues).items()
        if isinstance(value, str) and name.isupper() and name != "POISON_SUFFIX"
    }
    app = func.FunctionApp()
    register(app, stack.app)
    consumed = {
        binding.get_dict_repr()["queueName"]
        for function in app.get_functions()
        for binding in function.get_bindings()
        if binding.type == "queueTrigger"
    }

    assert names == {consumer.queue for consumer in CONSUMERS}
    assert names | {f"{name}{POISON_SUFFIX}" for name in names} == consumed


def test_azure_tries_each_route_before_the_one_that_takes_all() -> None:
    """Its host tries routes in the order of the functions' names, whatever their templates say."""
    templates: dict[tuple[str, str], str] = {}
    for endpoint in ENDPOINTS:
        assert endpoint.name < ELSEWHERE.name
        for method in endpoint.methods:
            template = re.sub(r"{\w+}", "{}", endpoint.path.lower())
            other = templates.setdefault((method.value, template), endpoint.name)
            assert other == endpoint.name, "two functions for one path"
    for (verb, path), name in templates.items():
        pattern = re.escape(path).replace(re.escape("{}"), "[^/{}]+")
        for (other, literal), first in templates.items():
            if verb == other and literal != path and re.fullmatch(pattern, literal):
                assert first < name, f"{first} is tried after {name}, which takes its path"


def test_every_function_of_http_has_a_limit_for_its_bodies() -> None:
    """A host may ask before it reads."""
    assert set(BODY_LIMITS) == {one.name for one in ENDPOINTS} | {ELSEWHERE.name}
    files = {one.name for one in ENDPOINTS if isinstance(one.body, FileBody)}
    assert all(0 < BODY_LIMITS[name] <= 512 * 1024 for name in BODY_LIMITS.keys() - files)
    # files are read whole, so the largest one is held in memory by each call
    assert all(0 < BODY_LIMITS[name] <= 50_000_000 for name in files)


def test_the_local_host_names_no_function_or_queue_of_the_app() -> None:
    """The app tells the host what it must know: AT_ONCE, PRIORITY_FUNCTIONS, BODY_LIMITS."""
    functions = {one.name for one in ENDPOINTS} | {one.name for one in CONSUMERS}
    names = functions | {one.name for one in TIMERS} | set(queues.EVERY_QUEUE)

    assert {"fan_out_message"} == PRIORITY_FUNCTIONS
    assert AT_ONCE == {"check_attachment": 2, "send_chunk": 2, "send_urgent_chunk": 2}
    sources = [
        path for path in (ROOT / "infra/local").rglob("*.py") if "node_modules" not in path.parts
    ]
    for path in sources:
        texts = {
            node.value
            for node in ast.walk(ast.parse(path.read_text()))
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        }
        assert not texts & names, path


def test_the_host_gives_up_when_the_app_thinks_it_does() -> None:
    """host.json and lib.ports.queueing.names agree; the platform's routes are ours alone."""
    host = json.loads((ROOT / "host.json").read_text())["extensions"]

    assert host["queues"]["maxDequeueCount"] == MAX_DEQUEUE_COUNT
    assert host["queues"]["messageEncoding"] == "base64"
    assert host["http"]["routePrefix"] == ""


def test_the_example_has_every_setting_and_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """local.settings.example.json is Settings, with what the host itself needs."""
    values = json.loads((ROOT / "local.settings.example.json").read_text())["Values"]

    ours = {
        str(field.validation_alias or name.upper())
        for name, field in Settings.model_fields.items()
        if name not in SET_BY_THE_PLATFORM
    }
    assert ours | {"FUNCTIONS_WORKER_RUNTIME"} == set(values)
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    assert read_settings().stack == "embedded"
    monkeypatch.setenv("STACK", "azure")
    assert read_settings().on_emulators
    assert all("sandbox" in values[name] for name in values if name.endswith("SECRET"))


@pytest.mark.parametrize("audience", Audience)
def test_openapi_is_checked_in_as_declared(audience: Audience) -> None:
    """`make generate` writes a document anew when this fails."""
    checked_in = (ROOT / "infra" / "openapi" / f"{audience}.json").read_bytes()

    assert printed(ENDPOINTS, audience) == checked_in
    validate(json.loads(checked_in))


def test_the_whole_openapi_document_is_valid() -> None:
    """The document of all endpoints has the operations of every audience."""
    whole = build(ENDPOINTS)

    validate(whole)
    parts = [build(ENDPOINTS, audience)["paths"] for audience in Audience]
    forms = [re.sub(r"{\w+}", "{}", path) for path in whole["paths"]]
    assert len(forms) == len(set(forms))
    assert set(forms) == {re.sub(r"{\w+}", "{}", path) for part in parts for path in part}
    count = sum(len(operations) for operations in whole["paths"].values())
    assert count == len(ENDPOINTS)


def files_below(folder: Path) -> list[str]:
    """Name all files and folders."""
    return [path.name for path in folder.rglob("*")]


def ids_in(folder: Path, container: Container) -> list[str]:
    """Return the ids of all that the embedded store holds in a container."""
    path = file_of(folder / STORE_FILE, container)
    with contextlib.closing(sqlite3.connect(path)) as connection:
        return [id_ for (id_,) in connection.execute(f'SELECT id FROM "{container.name}"')]


async def test_a_fiscal_code_is_never_an_id(stack: Stack, tmp_path: Path) -> None:
    """It is a partition key and a field; no id, no blob and no file is named after it."""
    content = {"due_date": "2027-06-30T21:59:59Z", "payment_data": a_payment()}
    message = a_message(content=content)
    await stack.call("submit_message", message, headers={"idempotency-key": "a-key"})
    await stack.call(
        "register_installation",
        {"platform": "apns", "pushChannel": "a-channel"},
        path={"installation_id": CITIZEN},
        citizen=CITIZEN,
    )
    profile = {"version": 0, "email": f"{CITIZEN}@example.org"}
    await stack.call("update_profile", profile, citizen=CITIZEN)
    closed = {"version": 0, "is_inbox_enabled": False}
    await stack.call("update_profile", closed, citizen="RSSMRA80A01H501U")
    await stack.call("request_email_validation", citizen=CITIZEN)
    await stack.call("request_user_data", {"choice": "DOWNLOAD"}, citizen=CITIZEN)
    await stack.call("end_own_sessions", citizen=CITIZEN)
    manager = Manager(stack)
    await manager.submit(await manager.create())
    await fill(stack.store, CITIZEN, FEW_FRESH)
    await stack.call("search_inbox", {"filter": {"q": "rifiuti"}}, citizen=CITIZEN)
    await stack.drain()
    stack.push.failure = UnavailableError("no answer")
    await stack.deliver()
    stack.clock.advance(timedelta(hours=1))
    await stack.tick()
    await fan_out_message.dead_letter(stack.app, f'{{"fiscal_code": "{CITIZEN}"}}')
    rejection = {"reason": CITIZEN}
    path = {"service_id": CITIZEN}
    await stack.call("reject_service", rejection, path=path, key=OPERATOR_KEY)
    await with_trial_and_delegation(stack)
    await with_delegation(stack)
    await create(stack, a_configuration(), MANAGE_KEY)
    sender = VoucherSender(stack)
    sent = await sender.call("submit_message", a_message(), sender.with_evidence(userID=CITIZEN))
    assert sent.status == 201
    await save(stack)
    target = f"{CITIZEN}/01J0000000000000000000000A"
    await stack.submit(send_at="2026-11-25T09:00:00Z")
    await with_profile(stack, "RSSMRA80A01H501U", is_inbox_enabled=True, max_daily_notifications=0)
    await stack.deliver(fiscal_code="RSSMRA80A01H501U")
    await stack.call("withdraw_messages", {"reason": "a mistake", "messages": [target]})
    await sent_batch(stack, [["RSSMRA80A01H501U"]])
    file = await ready(stack)
    await keep(stack, file, message_id=await deliver(stack, file))
    await asked(stack)

    ids = {(container.name, id_) for container in CONTAINERS for id_ in ids_in(tmp_path, container)}
    assert {name for name, _ in ids} == {container.name for container in CONTAINERS} - {
        "activations",
        "held-messages",
        # off by default; its id is a constant
        "resident-standings",
        # of the release 2026.11.0
        "deliveries",
        # the calls of a sender of few calls are not stored
        "call-counts",
    }
    named = [*(id_ for _, id_ in ids), *files_below(tmp_path)]
    # a whole word: a hash may have such a part by chance
    code = re.compile(rf"(?<![0-9A-Z])(?:{FISCAL_CODE_PATTERN[1:-1]})(?![0-9A-Z])")
    assert code.search(f"a-{CITIZEN}/b")
    assert not [name for name in named if code.search(name.upper())]
