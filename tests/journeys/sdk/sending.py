"""Calls of IO's client that send messages, ask for citizens, and configure remote content."""

from infra.local.sandbox.seed import CITIZEN, LIMITED_KEY
from tests.builders.messages import a_message
from tests.builders.payments import a_payment
from tests.builders.remote_content import PROD_KEY, TEST_KEY, a_configuration
from tests.journeys.sdk.driver import Driver
from tests.journeys.support import SUBMIT, Journeys

NOBODY = "NOPROF00A00A000A"
BLOCKING = "BLOCKD00A00A000A"
CONFIGURATIONS = "/api/v1/messages-sending/remote-contents/configurations"


def messages(driver: Driver, journeys: Journeys) -> None:
    """Send a message in both ways, and read it."""
    content = {"due_date": "2027-06-30T21:59:59.000Z", "payment_data": a_payment()}
    for name, in_path in (
        ("submitMessageforUserWithFiscalCodeInBody", False),
        ("submitMessageforUser", True),
    ):
        message = a_message(content=content)
        if in_path:
            del message["fiscal_code"]
        created = driver.meet(name, 201, message=message)
        place, _, id_ = created["location"].rpartition("/")
        assert place == f"{SUBMIT}/{CITIZEN}"
        # the client leaves out the body where its document describes it in place
        assert created.get("value") == (None if in_path else {"id": id_})
        assert journeys.settled(id_)["status"] == "PROCESSED"
        _read(driver, id_, message["content"])
        wrong = {**message, "content": {"subject": "x"}}
        problem = driver.meet(name, 400, message=wrong)["value"]
        assert problem["title"] == "Invalid message structure"
    driver.meet("getMessage", 404)
    driver.meet("getMessage", 403, id=id_, key=LIMITED_KEY)


def _read(driver: Driver, id_: str, content: dict[str, object]) -> None:
    """Read a message that was processed; the content has IO's defaults."""
    found = driver.meet("getMessage", 200, id=id_)["value"]
    assert found["status"] == "PROCESSED"
    message = found["message"]
    assert (message["id"], message["fiscal_code"]) == (id_, CITIZEN)
    assert (message["feature_level_type"], message["time_to_live"]) == ("STANDARD", 3600)
    assert message["content"] == {
        **content,
        "payment_data": a_payment(
            invalid_after_due_date=False, payee={"fiscal_code": "01234567890"}
        ),
    }


def profiles(driver: Driver) -> None:
    """Ask for citizens in both ways; both give the same answers."""
    for name in ("getProfileByPOST", "getProfile"):
        for citizen, status, allowed in (
            (CITIZEN, 200, True),
            (BLOCKING, 200, False),
            ("MANUAL00A00A000A", 200, False),
            (NOBODY, 404, None),
            ("INBOFF00A00A000A", 404, None),
        ):
            named = {"fiscal_code": citizen}
            sent = {"payload": named} if name == "getProfileByPOST" else named
            found = driver.meet(name, status, **sent)["value"]
            assert found.get("sender_allowed") is allowed
            assert (found.get("title") == "Profile not found") is (status == 404)


def remote_content(driver: Driver) -> None:
    """Make a configuration, read it, list it and replace it; no answer has a secret."""
    wrong = a_configuration(has_precondition="NONE")
    refusal = driver.meet("createRCConfiguration", 400, body=wrong)["value"]
    assert refusal["title"] == "Invalid NewRCConfigurationPublic"
    created = driver.meet("createRCConfiguration", 201, body=a_configuration())
    id_ = created["value"]["configuration_id"]
    assert created["location"] == f"{CONFIGURATIONS}/{id_}"
    found = driver.meet("getRCConfiguration", 200, configurationId=id_)["value"]
    listed = driver.meet("listRCConfiguration", 200)["value"]["rcConfigList"]
    assert found in listed
    for secret in (PROD_KEY, TEST_KEY):
        assert secret not in str([created, found, listed])

    sent = {**found, "name": "Fascicolo nuovo"}
    del sent["configuration_id"], sent["user_id"]
    driver.meet("updateRCConfiguration", 204, configurationId=id_, body=sent)
    changed = driver.meet("getRCConfiguration", 200, configurationId=id_)["value"]
    assert changed == {**found, "name": "Fascicolo nuovo"}
    for name in ("getRCConfiguration", "updateRCConfiguration"):
        driver.meet(name, 400, configurationId="x")
        driver.meet(name, 404)
    driver.meet("updateRCConfiguration", 400, configurationId=id_, body=wrong)
