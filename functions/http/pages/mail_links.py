"""Endpoints of links in e-mails: GET shows a page that asks for confirmation, POST acts.

A GET changes nothing, since mail programs and scanners open links by themselves. Every link that
is not valid gets the same page. No page names a citizen.
"""

from collections.abc import Awaitable, Callable
from typing import Annotated, Protocol

from functions.http.contract.endpoint import Answer, AnyEndpoint, Call, Endpoint, HtmlPage
from functions.http.contract.policies import Everybody
from functions.http.parameters.languages import ACCEPT_ANY_LANGUAGE, accepted_languages
from lib.composition.app import App
from lib.domain.profiles.errors import EmailAlreadyTakenError
from lib.domain.shared.described import says
from lib.rendering.email.links import UNSUBSCRIBE_PATH, VALIDATE_PATH
from lib.rendering.texts.link_pages import (
    PageText,
    address_confirmed,
    address_taken,
    confirm_address,
    confirm_unsubscribe,
    invalid_link,
    link_page,
    unsubscribed,
)

LinkToken = Annotated[str, says("The token of the link, as it stands in the e-mail.")]


class _LinkUseCase(Protocol):
    """The use case of a link."""

    def opens(self, token: str) -> bool:
        """Tell whether the token of the link is valid."""
        ...

    def __call__(self, token: str) -> Awaitable[bool]:
        """Act; return False if the link is no longer valid.

        Raises: EmailAlreadyTakenError.
        """
        ...


def _answer(call: Call[None, None, None], status: int, text: PageText) -> Answer:
    page = link_page(text, accepted_languages(call.headers))
    return Answer(status, HtmlPage(page.html))


def _endpoints(
    path: str,
    name: str,
    use_case: Callable[[App], _LinkUseCase],
    *,
    confirm: PageText,
    done: PageText,
    taken: PageText | None = None,
    summary: tuple[str, str],
    description: str,
) -> tuple[Endpoint[None, None, None], Endpoint[None, None, None]]:
    async def show(call: Call[None, None, None]) -> Answer:
        is_valid = use_case(call.app).opens(call.path["token"])
        return _answer(call, 200, confirm) if is_valid else _answer(call, 404, invalid_link)

    async def act(call: Call[None, None, None]) -> Answer:
        try:
            is_valid = await use_case(call.app)(call.path["token"])
        except EmailAlreadyTakenError:
            if taken is None:
                raise
            return _answer(call, 412, taken)
        return _answer(call, 200, done) if is_valid else _answer(call, 404, invalid_link)

    shown = {200: HtmlPage.media_type, 404: HtmlPage.media_type}
    acted = shown if taken is None else {**shown, 412: HtmlPage.media_type}
    read, post = (
        Endpoint(
            name=f"{verb}_{name}",
            method=method,
            path=f"{path}/{{token}}",
            summary=text,
            description=description,
            tag="links",
            policy=Everybody(),
            parameters={"token": LinkToken},
            headers=ACCEPT_ANY_LANGUAGE,
            handler=handler,
            answers=answers,
        )
        for verb, method, text, handler, answers in (
            ("show", "GET", summary[0], show, shown),
            ("do", "POST", summary[1], act, acted),
        )
    )
    return read, post


show_unsubscribe, do_unsubscribe = _endpoints(
    UNSUBSCRIBE_PATH,
    "unsubscribe",
    lambda app: app.profiles.unsubscribe_email,
    confirm=confirm_unsubscribe,
    done=unsubscribed,
    summary=("Show the page of an unsubscribe link", "Switch e-mail off by a link"),
    description=(
        "The link switches off the e-mails of one service, or of all services. Mail programs may "
        "POST to it without the citizen's help (RFC 8058), any number of times; the body is not "
        "read."
    ),
)

show_validate_email, do_validate_email = _endpoints(
    VALIDATE_PATH,
    "validate_email",
    lambda app: app.profiles.validate_email,
    confirm=confirm_address,
    done=address_confirmed,
    taken=address_taken,
    summary=("Show the page of a validation link", "Validate an e-mail address by a link"),
    description=(
        "The link is valid for 24 hours, while the citizen's address is the one that the link was "
        "sent to. POST answers 412 if another citizen has validated that address."
    ),
)

ENDPOINTS: tuple[AnyEndpoint, ...] = (
    show_unsubscribe,
    do_unsubscribe,
    show_validate_email,
    do_validate_email,
)
