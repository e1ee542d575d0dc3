"""The message that a payment notice becomes, in the citizen's language."""

from typing import Final, NamedTuple

from lib.domain import written
from lib.domain.deadline import deadline_at, in_rome
from lib.domain.message import Content, NewMessage, Payee, PaymentData
from lib.domain.notice import Notice
from lib.domain.notice_number import grouped
from lib.domain.notice_request import Term
from lib.domain.plain_text import markdown_of
from lib.domain.recipient import Language
from lib.domain.values import parse_timestamp


class _Words(NamedTuple):
    asks: str
    instalment: str
    due: str
    number: str
    payee: str
    whole: str
    parts: str
    part: str
    expires: str
    how: str
    amended: str


_WORDS: Final[dict[Language, _Words]] = {
    "it_IT": _Words(
        "**{who}** ti chiede un pagamento di **{amount}**.",
        "È la rata {index} di {total}.",
        "Scadenza",
        "Numero avviso",
        "Codice fiscale dell'ente creditore",
        "Puoi pagare tutto in una volta con questo avviso, oppure a rate:",
        "Il pagamento è a rate. Con questo avviso paghi la prima:",
        "{amount}, scadenza {due}, avviso {number}",
        "Dopo la scadenza non è più possibile pagare con questo avviso.",
        "Puoi pagare dall'app oppure, con il numero avviso, presso banche, poste e gli altri "
        "prestatori di servizi di pagamento che aderiscono a pagoPA.",
        "L'ente ha aggiornato questo avviso: {day}.",
    ),
    "en_GB": _Words(
        "**{who}** asks you for a payment of **{amount}**.",
        "This is instalment {index} of {total}.",
        "Due date",
        "Notice number",
        "Tax code of the payee",
        "You can pay all at once with this notice, or in instalments:",
        "The payment is in instalments. With this notice you pay the first:",
        "{amount}, due {due}, notice {number}",
        "After the due date it is no longer possible to pay with this notice.",
        "You can pay in the app or, with the notice number, at banks, post offices and the other "
        "payment service providers that take part in pagoPA.",
        "The sender updated this notice: {day}.",
    ),
    "es_ES": _Words(
        "**{who}** te pide un pago de **{amount}**.",
        "Es el plazo {index} de {total}.",
        "Vencimiento",
        "Número de aviso",
        "Código fiscal del acreedor",
        "Puedes pagar todo de una vez con este aviso, o a plazos:",
        "El pago es a plazos. Con este aviso pagas el primero:",
        "{amount}, vencimiento {due}, aviso {number}",
        "Después del vencimiento ya no es posible pagar con este aviso.",
        "Puedes pagar desde la app o, con el número de aviso, en bancos, oficinas de correos y los "
        "demás proveedores de servicios de pago adheridos a pagoPA.",
        "El remitente ha actualizado este aviso: {day}.",
    ),
    "de_DE": _Words(
        "**{who}** bittet dich um eine Zahlung von **{amount}**.",
        "Dies ist Rate {index} von {total}.",
        "Fällig",
        "Bescheidnummer",
        "Steuernummer des Empfängers",
        "Du kannst mit diesem Bescheid alles auf einmal zahlen oder in Raten:",
        "Die Zahlung erfolgt in Raten. Mit diesem Bescheid zahlst du die erste:",
        "{amount}, fällig {due}, Bescheid {number}",
        "Nach Ablauf der Frist kann mit diesem Bescheid nicht mehr gezahlt werden.",
        "Du kannst in der App zahlen oder, mit der Bescheidnummer, bei Banken, Postämtern und den "
        "anderen Zahlungsdienstleistern, die an pagoPA teilnehmen.",
        "Der Absender hat diesen Bescheid geändert: {day}.",
    ),
    "fr_FR": _Words(
        "**{who}** te demande un paiement de **{amount}**.",
        "C'est l'échéance {index} sur {total}.",
        "Date limite",
        "Numéro d'avis",
        "Code fiscal du créancier",
        "Tu peux tout payer en une fois avec cet avis, ou en plusieurs échéances :",
        "Le paiement est en plusieurs échéances. Avec cet avis tu paies la première :",
        "{amount}, date limite {due}, avis {number}",
        "Après la date limite, il n'est plus possible de payer avec cet avis.",
        "Tu peux payer dans l'application ou, avec le numéro d'avis, auprès des banques, de la "
        "poste et des autres prestataires de paiement qui adhèrent à pagoPA.",
        "L'expéditeur a modifié cet avis : {day}.",
    ),
}


def rendered(notice: Notice, index: int, organization: str) -> NewMessage:
    """Return the message for a term; the same notice gives the same message.

    What the sender wrote stands in it as plain text: it can make neither a link nor a picture.
    """
    term, words = notice.terms[index], _WORDS[notice.language]
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
    return NewMessage(fiscal_code=notice.fiscal_code, content=content)


def _paragraphs(notice: Notice, index: int, words: _Words, organization: str) -> list[str]:
    term, language, instalments = notice.terms[index], notice.language, notice.instalments
    amount = written.euros(term.amount, language)
    said = [words.asks.format(who=markdown_of(organization).replace("\n\n", " "), amount=amount)]
    if index:
        number = instalments.index(term) + 1
        said.append(words.instalment.format(index=number, total=len(instalments)))
    if notice.description:
        said.append(markdown_of(notice.description))
    facts = (
        f"- {words.due}: **{_due(term, language)}**",
        f"- {words.number}: {grouped(term.notice_number)}",
        f"- {words.payee}: {notice.payee}",
    )
    said.append("\n".join(facts))
    if instalments and not index:
        said.append(words.whole if notice.has_whole else words.parts)
        said.append(
            "\n".join(
                f"{number}. {_part(one, words, language)}"
                for number, one in enumerate(instalments, start=1)
            )
        )
    if notice.invalid_after_due_date:
        said.append(words.expires)
    said.append(words.how)
    if notice.amendments:
        last = in_rome(parse_timestamp(notice.amendments[-1].at)).date()
        said.append(words.amended.format(day=written.day(last, language)))
    return [one for one in said if one]


def _part(term: Term, words: _Words, language: Language) -> str:
    return words.part.format(
        amount=written.euros(term.amount, language),
        due=_due(term, language),
        number=grouped(term.notice_number),
    )


def _due(term: Term, language: Language) -> str:
    return written.deadline(deadline_at(parse_timestamp(term.due_date)), language)
