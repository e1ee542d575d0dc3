"""The message that a payment notice becomes, in the citizen's language."""

from lib.domain.messages.content import Content, Payee, PaymentData
from lib.domain.messages.new_message import NewMessage
from lib.domain.payment_notices.notice import Notice
from lib.domain.payment_notices.notice_request import Term
from lib.domain.payments.notice_number import grouped
from lib.domain.profiles.choices import Language
from lib.domain.shared.deadline import DueMoment, in_rome
from lib.domain.shared.plain_text import markdown_of
from lib.domain.shared.values import parse_timestamp
from lib.rendering.texts import formatting
from lib.rendering.texts.languages import phrases_of
from lib.rendering.texts.phrases import NoticePhrases


def render_notice(notice: Notice, index: int, organization: str) -> NewMessage:
    """Return the message for one term of the notice. The same notice gives the same message.

    A description is escaped as plain text, so it cannot make a link or a picture.
    `index`: the position of the term in `notice.terms`.
    """
    term, words = notice.terms[index], phrases_of(notice.language).payment_notices
    payment = PaymentData(
        amount=term.amount,
        notice_number=term.notice_number,
        invalid_after_due_date=notice.invalid_after_due_date,
        payee=Payee(fiscal_code=notice.payee),
    )
    content = Content(
        subject=notice.subject,
        markdown="\n\n".join(_paragraphs(notice, index, words, organization)),
        due_date=term.due_date,
        payment_data=payment,
    )
    # validation turns the date into UTC and loses the day that the sender wrote
    content = content.model_copy(
        update={
            "due_date": DueMoment(term.due_date, term.due_day),
            "require_secure_channels": notice.settings.get("require_secure_channels"),
        }
    )
    # of the settings, a message ignores the one that its content has
    settings = {**notice.settings, "fiscal_code": notice.fiscal_code, "content": content}
    return NewMessage.model_validate(settings)


def _paragraphs(notice: Notice, index: int, words: NoticePhrases, organization: str) -> list[str]:
    term, language, instalments = notice.terms[index], notice.language, notice.instalments
    amount = formatting.euros(term.amount, language)
    paragraphs = [
        notice.markdown or "",
        words.asks.format(who=markdown_of(organization).replace("\n\n", " "), amount=amount),
    ]
    if index:
        number = instalments.index(term) + 1
        paragraphs.append(words.instalment.format(index=number, total=len(instalments)))
    if notice.description:
        paragraphs.append(markdown_of(notice.description))
    facts = (
        f"- {words.due}: **{_due(term, language)}**",
        f"- {words.number}: {grouped(term.notice_number)}",
        f"- {words.payee}: {notice.payee}",
    )
    paragraphs.append("\n".join(facts))
    if instalments and not index:
        paragraphs.append(words.whole if notice.has_whole else words.parts)
        paragraphs.append(
            "\n".join(
                f"{number}. {_part(part, words, language)}"
                for number, part in enumerate(instalments, start=1)
            )
        )
    if notice.invalid_after_due_date:
        paragraphs.append(words.expires)
    paragraphs.append(words.how)
    if notice.reopened_at is not None:
        paragraphs.append(words.reopened.format(day=_day(notice.reopened_at, language)))
    if notice.amendments and notice.amendments[-1].version != notice.version_reopened:
        paragraphs.append(words.amended.format(day=_day(notice.amendments[-1].at, language)))
    return [part for part in paragraphs if part]


def _part(term: Term, words: NoticePhrases, language: Language) -> str:
    return words.part.format(
        amount=formatting.euros(term.amount, language),
        due=_due(term, language),
        number=grouped(term.notice_number),
    )


def _day(at: str, language: Language) -> str:
    return formatting.day(in_rome(parse_timestamp(at)).date(), language)


def _due(term: Term, language: Language) -> str:
    return formatting.deadline(term.deadline, language)
