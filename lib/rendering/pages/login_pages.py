"""The texts of the pages of a login: most people read them in Italian, the others in English."""

from typing import Final

from lib.rendering.pages.link_page import LinkPage, Section

LOGIN_HEADING: Final = "Accedi a Recapito"
LOGIN_QUESTION: Final = "Scegli con quale identità digitale accedere."


def login_impossible(inbox: str | None) -> LinkPage:
    """Return the page of a login that cannot go on. `inbox`: the address of the inbox, if any."""
    return _page(
        ("L'accesso non può continuare.", "Torna all'app da cui sei partito e accedi di nuovo."),
        ("The login cannot go on.", "Go back to the app where you began, and log in again."),
        inbox,
    )


def logged_out(inbox: str | None) -> LinkPage:
    """Return the page after a logout. `inbox`: the address of the inbox, if any."""
    return _page(
        ("Sei uscito.", "Puoi chiudere questa pagina."),
        ("You are logged out.", "You can close this page."),
        inbox,
    )


def logout_impossible(inbox: str | None) -> LinkPage:
    """Return the page of a logout that ended nothing. `inbox`: the address of the inbox, if any."""
    return _page(
        (
            "Non è possibile uscire da questa pagina.",
            "Esci dall'app, o termina le tue sessioni nelle impostazioni.",
        ),
        (
            "You cannot log out from this page.",
            "Log out in the app, or end your sessions in its settings.",
        ),
        inbox,
    )


def _page(italian: tuple[str, str], english: tuple[str, str], inbox: str | None) -> LinkPage:
    def section(language: str, words: tuple[str, str], label: str) -> Section:
        heading, line = words
        return Section(language, heading, (line,), link=(label, inbox) if inbox else None)

    return LinkPage(
        (
            section("it", italian, "Apri la casella dei messaggi"),
            section("en", english, "Open the inbox"),
        )
    )
