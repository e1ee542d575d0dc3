"""The rows of a batch are sent in the language of each citizen."""

from tests.builders.profiles import with_new_profile
from tests.functions.batches.batch_calls import CITIZENS, CONTENT, sent, with_citizens
from tests.stack import Stack

SLOVENE = {"subject": "Pristojbina za odpadke", "markdown": "Prvi obrok zapade junija. " * 4}


async def test_a_template_has_slovene_and_two_languages_by_e_mail(stack: Stack) -> None:
    """A row is in its citizen's language, and the answer names it; e-mails have both."""
    await with_citizens(stack, CITIZENS[:1])
    await with_new_profile(
        stack,
        CITIZENS[1],
        languages=["sl_SI"],
        email="slovenka@example.org",
        is_email_enabled=True,
        is_email_validated=True,
    )
    content = {**CONTENT, "variants": {"sl_SI": SLOVENE}}

    await sent(
        stack,
        [(CITIZENS[0],), (CITIZENS[1],)],
        content=content,
        second_language="sl_SI",
    )

    (mail,) = stack.mailer.sent
    assert (mail.language, mail.subject) == ("sl", f"Comune di Esempio: {SLOVENE['subject']}")
    assert "Ente: Comune di Esempio" in mail.text
    for citizen, language, subject in (
        (CITIZENS[0], "it_IT", CONTENT["subject"]),
        (CITIZENS[1], "sl_SI", SLOVENE["subject"]),
    ):
        listed = await stack.call("list_inbox", citizen=citizen)
        id_ = listed.body["items"][0]["id"]
        opened = (await stack.call("read_message", path={"id": id_}, citizen=citizen)).body
        assert (opened["language"], opened["content"]["subject"]) == (language, subject)
        assert not {"second_language", "variants"} & opened["content"].keys()
