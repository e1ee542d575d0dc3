"""The texts of the pages of a login: most people read them in Italian, the others in English."""

from typing import Final

from lib.rendering.pages.link_page import LinkPage, Section

LOGIN_HEADING: Final = "Accedi a Recapito"
LOGIN_QUESTION: Final = "Scegli con quale identità digitale accedere."
LOGIN_IMPOSSIBLE: Final = LinkPage(
    (
        Section(
            "it",
            "L'accesso non può continuare.",
            ("Torna all'app da cui sei partito e accedi di nuovo.",),
        ),
        Section(
            "en",
            "The login cannot go on.",
            ("Go back to the app where you began, and log in again.",),
        ),
    )
)
LOGGED_OUT: Final = LinkPage(
    (
        Section("it", "Sei uscito.", ("Puoi chiudere questa pagina.",)),
        Section("en", "You are logged out.", ("You can close this page.",)),
    )
)
LOGOUT_IMPOSSIBLE: Final = LinkPage(
    (
        Section(
            "it",
            "Non è possibile uscire da questa pagina.",
            ("Esci dall'app, o termina le tue sessioni nelle impostazioni.",),
        ),
        Section(
            "en",
            "You cannot log out from this page.",
            ("Log out in the app, or end your sessions in its settings.",),
        ),
    )
)
