"""The texts of the pages that links in e-mails open, in Italian and English.

The reader of a link is not logged in, so the app does not know the reader's language.
"""

from typing import Final

from lib.rendering.pages.link_page import LinkPage, Section

INVALID_LINK: Final = LinkPage(
    (
        Section("it", "Questo link non è più valido.", ("Puoi cambiare le tue scelte nell'app.",)),
        Section(
            "en", "This link is no longer valid.", ("You can change your choices in the app.",)
        ),
    )
)
CONFIRM_UNSUBSCRIBE: Final = LinkPage(
    (
        Section(
            "it",
            "Non vuoi più ricevere queste email?",
            ("I messaggi restano nell'app.",),
            button="Non ricevere più queste email",
        ),
        Section(
            "en",
            "Stop these emails?",
            ("Your messages stay in the app.",),
            button="Stop these emails",
        ),
    )
)
UNSUBSCRIBED: Final = LinkPage(
    (
        Section("it", "Fatto: non riceverai più queste email.", ("Puoi riattivarle nell'app.",)),
        Section(
            "en",
            "Done: you will not get these emails any more.",
            ("You can switch them on in the app.",),
        ),
    )
)
CONFIRM_ADDRESS: Final = LinkPage(
    (
        Section("it", "Confermi che questo indirizzo email è tuo?", button="Conferma l'indirizzo"),
        Section(
            "en",
            "Do you confirm that this email address is yours?",
            button="Confirm the address",
        ),
    )
)
ADDRESS_CONFIRMED: Final = LinkPage(
    (
        Section("it", "Fatto: il tuo indirizzo email è confermato."),
        Section("en", "Done: your email address is confirmed."),
    )
)
ADDRESS_TAKEN: Final = LinkPage(
    (
        Section(
            "it",
            "Non è possibile confermare questo indirizzo email.",
            ("Lo usa già un altro utente: indica un altro indirizzo nell'app.",),
        ),
        Section(
            "en",
            "This email address cannot be confirmed.",
            ("Another user has it already: give another address in the app.",),
        ),
    )
)
