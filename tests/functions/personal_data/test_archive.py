"""The copy of all data has what is stored about the citizen, and nothing of another's."""

from datetime import timedelta

from infra.local.sandbox.seed import CITIZEN, EMAIL_CITIZEN, SENDER_KEY, SERVICE_ID
from tests.builders.messages import a_message
from tests.builders.payments import RPT_ID, a_payment
from tests.builders.profiles import OTHER_CITIZEN, with_activation, with_preference
from tests.functions.personal_data.data_calls import archive_of, read_json
from tests.stack import Stack

DEVICE = {"platform": "fcmv1", "pushChannel": "a-token-of-the-platform"}


async def test_it_has_profile_choices_devices_and_notifications(stack: Stack) -> None:
    """As they are stored, without the app's own marks."""
    await with_preference(stack)
    await with_activation(stack, "ACTIVE")
    path = {"installation_id": "phone"}
    await stack.call("register_installation", DEVICE, path=path, citizen=CITIZEN)
    id_ = await stack.deliver()

    files = await archive_of(stack)

    (profile,) = read_json(files, "profile.json")
    assert (profile["fiscal_code"], profile["reminder_status"]) == (CITIZEN, "ENABLED")
    (preference,) = read_json(files, "preferences.json")
    assert preference["id"] == SERVICE_ID
    (activation,) = read_json(files, "activations.json")
    assert activation["status"] == "ACTIVE"
    (devices,) = read_json(files, "devices.json")
    assert len(devices["present"]) == 1
    told = read_json(files, "notifications.json")
    assert any(id_ in one["id"] for one in told)
    assert not {"archive", "last_update", "claimant", "ttl"} & {
        name for one in (profile, *told) for name in one
    }
    assert b"YOUR DATA" in files["README.txt"]


async def test_it_has_each_message_with_text_payment_and_documents(stack: Stack) -> None:
    """Also one that was not delivered, and no message that waits to be sent."""
    content = {"payment_data": a_payment(), "due_date": "2027-06-30T21:59:59Z"}
    id_ = await stack.deliver(content=content)
    later = a_message(subject="Un messaggio per il mese prossimo")
    later |= {"send_at": "2026-12-20T10:00:00+01:00"}
    scheduled = await stack.call("submit_message", later, key=SENDER_KEY)

    files = await archive_of(stack)

    folder = f"messages/{id_}"
    message = read_json(files, f"{folder}/message.json")
    assert message["content"]["payment_data"]["amount"] == a_payment()["amount"]
    assert "sender_user_id" not in message
    assert message["content"]["markdown"].encode() in files[f"{folder}/message.md"]
    payment = read_json(files, f"{folder}/payment.json")
    assert (payment["rpt_id"], payment["status"]) == (RPT_ID, "NOT_PAID")
    names = {name.removeprefix(f"{folder}/") for name in files if name.startswith(folder)}
    assert {one.rpartition(".")[2] for one in names} == {"json", "md", "pdf", "ics"}
    (pdf,) = [files[f"{folder}/{one}"] for one in names if one.endswith(".pdf")]
    assert pdf.startswith(b"%PDF")
    if scheduled.status == 201:
        assert not any(scheduled.body["id"] in name for name in files)


async def test_it_has_the_messages_that_its_citizen_deleted(stack: Stack) -> None:
    """In the bin, and after it: they are stored all the same."""
    binned, removed = [await stack.deliver(), await stack.deliver()]
    for id_ in (removed, binned):
        change = {"change_type": "binning", "is_binned": True}
        path = {"id": id_}
        reply = await stack.call("change_message_status", change, path=path, citizen=CITIZEN)
        assert reply.status == 200, reply
        if id_ == removed:
            stack.clock.advance(timedelta(days=stack.app.settings.days_in_bin))
            assert await stack.app.inbox.empty_bins() == 1

    files = await archive_of(stack)

    assert {f"messages/{id_}/message.md" for id_ in (binned, removed)} <= files.keys()


async def test_it_has_nothing_of_another_citizen(stack: Stack) -> None:
    """Not even of one who has to pay the same."""
    payment = {"payment_data": a_payment()}
    mine = await stack.deliver(content=payment)
    theirs = await stack.deliver(content=payment, fiscal_code=OTHER_CITIZEN)

    files = await archive_of(stack)

    everything = b"\n".join([*files.values(), *(name.encode() for name in files)])
    assert mine.encode() in everything
    assert theirs.encode() not in everything
    assert OTHER_CITIZEN.encode() not in everything


async def test_many_messages_are_all_in_it(stack: Stack) -> None:
    """More than one page of them."""
    ids = {await stack.deliver() for _ in range(105)}

    files = await archive_of(stack)

    found = {name.split("/")[1] for name in files if name.endswith("message.json")}
    assert found == ids


async def test_a_citizen_of_whom_nothing_is_stored_gets_an_archive_too(stack: Stack) -> None:
    """It has the request itself, and the entry of the access log about it."""
    files = await archive_of(stack, "NOPROF00A00A000A")

    assert files.keys() == {"README.txt", "requests.json", "access-log.json"}
    assert EMAIL_CITIZEN.encode() not in files["requests.json"]
