"""Compose e-mails to administrations, which are in Italian."""

from typing import Final

from lib.domain.shared.plain_text import one_line
from lib.ports.mailer import Mail
from lib.rendering.email.body import EmailBody
from lib.rendering.texts.languages import phrases_of

_CODE: Final = "Codice"
_CODE_TITLE: Final = "Il codice per registrare il tuo ente"
_CODE_ASKED: Final = (
    "È stato chiesto di registrare {name} (codice fiscale {fiscal_code}) tra gli enti che inviano "
    "messaggi ai cittadini."
)
_CODE_USE: Final = (
    "Per confermare, chi segue la registrazione usa questo codice entro 7 giorni. Con il codice si "
    "ricevono le chiavi di accesso dell'ente, e quelle già consegnate smettono di funzionare: "
    "comunicalo solo alle persone incaricate."
)
_CODE_IGNORE: Final = "Se l'ente non l'ha chiesto, non occorre fare nulla."


def code_mail(*, id_: str, to: str, name: str, fiscal_code: str, code: str) -> Mail:
    """Compose the e-mail with the code that confirms an application."""
    italian = phrases_of("it_IT")
    body = EmailBody(
        language=italian.tag,
        heading=_CODE_TITLE,
        paragraphs=(
            _CODE_ASKED.format(name=one_line(name), fiscal_code=fiscal_code),
            _CODE_USE,
        ),
        facts=((_CODE, code),),
        footer=(_CODE_IGNORE, italian.emails.do_not_reply),
    )
    return Mail(
        id=id_,
        to=to,
        language=body.language,
        subject=_CODE_TITLE,
        text=body.text,
        html=body.html,
    )
