"""What links in e-mails open: a page that asks, and the POST of its form that does it.

A GET changes nothing, for mail programs and scanners open links by themselves. Whatever is wrong
with a link, the page is the same, and it names nobody.
"""

from collections.abc import Awaitable, Callable
from typing import Annotated, Final, Protocol

from functions.http.contract.endpoint import Answer, AnyEndpoint, Call, Endpoint, Page
from functions.http.contract.policies import Everybody
from lib.composition.app import App
from lib.domain.profiles.errors import EmailAlreadyTakenError
from lib.domain.shared.described import says
from lib.rendering.email.links import UNSUBSCRIBE_PATH, VALIDATE_PATH

LinkToken = Annotated[str, says("The token of the link, as it stands in the e-mail.")]

_UNKNOWN: Final = (
    ("Questo link non è più valido.", "Puoi cambiare le tue scelte nell'app."),
    ("This link is no longer valid.", "You can change your choices in the app."),
)


class _Opened(Protocol):
    """What a link is for."""

    def opens(self, token: str) -> bool:
        """Tell whether the token is one of ours."""
        ...

    def __call__(self, token: str) -> Awaitable[bool]:
        """Do it; tell whether it holds now. Raise EmailAlreadyTakenError of an address."""
        ...


def _page(said: tuple[tuple[str, ...], tuple[str, ...]], *buttons: str) -> Page:
    """Return a page in Italian and English; with buttons, each language has its form."""
    sections = []
    for index, (language, (heading, *lines)) in enumerate(zip(("it", "en"), said, strict=True)):
        form = (
            f'<form method="post"><p><button>{buttons[index]}</button></p></form>'
            if buttons
            else ""
        )
        text = "".join(f"<p>{line}</p>" for line in lines)
        sections.append(
            f'<section lang="{language}"><h{index + 1}>{heading}</h{index + 1}>{text}{form}'
            "</section>"
        )
    return Page(
        '<!doctype html><html lang="it"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="robots" content="noindex"><title>Recapito</title></head>'
        f"<body><main>{''.join(sections)}</main></body></html>\n"
    )


def _endpoints(
    path: str,
    name: str,
    opened: Callable[[App], _Opened],
    *,
    asked: Page,
    done: Page,
    taken: Page | None = None,
    summary: tuple[str, str],
    description: str,
) -> tuple[Endpoint[None, None, None], Endpoint[None, None, None]]:
    unknown = Answer(404, _page(_UNKNOWN))

    async def ask(call: Call[None, None, None]) -> Answer:
        known = opened(call.app).opens(call.path["token"])
        return Answer(200, asked) if known else unknown

    async def do(call: Call[None, None, None]) -> Answer:
        try:
            holds = await opened(call.app)(call.path["token"])
        except EmailAlreadyTakenError:
            if taken is None:
                raise
            return Answer(412, taken)
        return Answer(200, done) if holds else unknown

    looked = {200: Page.media_type, 404: Page.media_type}
    done_or_not = looked if taken is None else {**looked, 412: Page.media_type}
    read, post = (
        Endpoint(
            name=f"{verb}_{name}",
            method=method,
            path=f"{path}/{{token}}",
            summary=said,
            description=description,
            tag="links",
            policy=Everybody(),
            parameters={"token": LinkToken},
            handler=handler,
            answers=answers,
        )
        for verb, method, said, handler, answers in (
            ("show", "GET", summary[0], ask, looked),
            ("do", "POST", summary[1], do, done_or_not),
        )
    )
    return read, post


show_unsubscribe, do_unsubscribe = _endpoints(
    UNSUBSCRIBE_PATH,
    "unsubscribe",
    lambda app: app.profiles.unsubscribe_email,
    asked=_page(
        (
            ("Non vuoi più ricevere queste email?", "I messaggi restano nell'app."),
            ("Stop these emails?", "Your messages stay in the app."),
        ),
        "Non ricevere più queste email",
        "Stop these emails",
    ),
    done=_page(
        (
            ("Fatto: non riceverai più queste email.", "Puoi riattivarle nell'app."),
            ("Done: you will not get these emails any more.", "You can switch them on in the app."),
        )
    ),
    summary=("Show the page of an unsubscribe link", "Switch e-mail off by a link"),
    description=(
        "The link switches off the e-mails of one service, or of all. Mail programs POST to it by "
        "themselves "
        "(RFC 8058), as often as they like; the body is not read."
    ),
)

show_validate_email, do_validate_email = _endpoints(
    VALIDATE_PATH,
    "validate_email",
    lambda app: app.profiles.validate_email,
    asked=_page(
        (
            ("Confermi che questo indirizzo email è tuo?",),
            ("Do you confirm that this email address is yours?",),
        ),
        "Conferma l'indirizzo",
        "Confirm the address",
    ),
    done=_page(
        (
            ("Fatto: il tuo indirizzo email è confermato.",),
            ("Done: your email address is confirmed.",),
        )
    ),
    taken=_page(
        (
            (
                "Non è possibile confermare questo indirizzo email.",
                "Lo usa già un altro utente: indica un altro indirizzo nell'app.",
            ),
            (
                "This email address cannot be confirmed.",
                "Another user has it already: give another address in the app.",
            ),
        )
    ),
    summary=("Show the page of a validation link", "Validate an e-mail address by a link"),
    description=(
        "For 24 hours, and only while the citizen's address is the one it was sent to. The POST "
        "answers 412 where another citizen has validated that address."
    ),
)

ENDPOINTS: tuple[AnyEndpoint, ...] = (
    show_unsubscribe,
    do_unsubscribe,
    show_validate_email,
    do_validate_email,
)
