"""Endpoints of links in e-mails: GET shows a page that asks for confirmation, POST acts.

A GET changes nothing, since mail programs and scanners open links by themselves. Every link that
is not valid gets the same page. No page names a citizen.
"""

from collections.abc import Awaitable, Callable
from typing import Annotated, Protocol

from functions.http.contract.endpoint import Answer, AnyEndpoint, Call, Endpoint, HtmlPage
from functions.http.contract.policies import Everybody
from lib.composition.app import App
from lib.domain.profiles.errors import EmailAlreadyTakenError
from lib.domain.shared.described import says
from lib.rendering.email.links import UNSUBSCRIBE_PATH, VALIDATE_PATH
from lib.rendering.pages.link_page import LinkPage
from lib.rendering.texts.link_pages import (
    ADDRESS_CONFIRMED,
    ADDRESS_TAKEN,
    CONFIRM_ADDRESS,
    CONFIRM_UNSUBSCRIBE,
    INVALID_LINK,
    UNSUBSCRIBED,
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


def _answer(status: int, page: LinkPage) -> Answer:
    return Answer(status, HtmlPage(page.html))


def _endpoints(
    path: str,
    name: str,
    use_case: Callable[[App], _LinkUseCase],
    *,
    confirm: LinkPage,
    done: LinkPage,
    taken: LinkPage | None = None,
    summary: tuple[str, str],
    description: str,
) -> tuple[Endpoint[None, None, None], Endpoint[None, None, None]]:
    async def show(call: Call[None, None, None]) -> Answer:
        is_valid = use_case(call.app).opens(call.path["token"])
        return _answer(200, confirm) if is_valid else _answer(404, INVALID_LINK)

    async def act(call: Call[None, None, None]) -> Answer:
        try:
            is_valid = await use_case(call.app)(call.path["token"])
        except EmailAlreadyTakenError:
            if taken is None:
                raise
            return _answer(412, taken)
        return _answer(200, done) if is_valid else _answer(404, INVALID_LINK)

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
    confirm=CONFIRM_UNSUBSCRIBE,
    done=UNSUBSCRIBED,
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
    confirm=CONFIRM_ADDRESS,
    done=ADDRESS_CONFIRMED,
    taken=ADDRESS_TAKEN,
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
