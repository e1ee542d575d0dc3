"""French. A space that does not break stands before each colon."""

from typing import Final

from lib.rendering.texts.phrases import (
    EmailPhrases,
    NoticePhrases,
    NotificationPhrases,
    Phrases,
    WithdrawalPhrases,
)

_SPACE: Final = "\N{NO-BREAK SPACE}"

FRENCH: Final = Phrases(
    tag="fr",
    notifications=NotificationPhrases(
        new="Vous avez un nouveau message",
        new_many="Vous avez {count} nouveaux messages",
        read_it="Ouvrez l'app pour le lire",
        read_them="Ouvrez l'app pour les lire",
        unread="Vous avez un message non lu",
        unread_from="Lisez le message de {organization}",
        again=f"Rappel{_SPACE}: un message vous attend",
        again_from=f"Rappel{_SPACE}: ouvrez le message de {{organization}}",
        pay="Vous avez un avis à payer",
        pay_tomorrow="Vous avez un avis qui arrive à échéance demain",
        pay_today="Vous avez un avis qui arrive à échéance aujourd'hui",
        pay_it="Ouvrez l'app pour le payer",
        pay_it_in_days=f"Échéance dans {{days}} jours{_SPACE}: ouvrez l'app pour le payer",
        pay_it_from="Ouvrez l'app et payez l'avis émis par {organization}",
        pay_it_from_in_days=(
            f"Échéance dans {{days}} jours{_SPACE}: ouvrez l'app et payez l'avis émis par "
            "{organization}"
        ),
        due_in_days="Vous avez une échéance dans {days} jours",
        due_tomorrow="Vous avez une échéance demain",
        due_today="Vous avez une échéance aujourd'hui",
        read_about_it="Ouvrez l'app pour lire le message",
    ),
    emails=EmailPhrases(
        sender="Organisme",
        service="Service",
        subject="Objet",
        amount="Montant",
        due="Échéance",
        reason="Vous recevez cet e-mail parce que vous avez activé les notifications par e-mail.",
        do_not_reply=(
            f"Ne répondez pas{_SPACE}: personne ne lit cette boîte, et nous ne demandons jamais de "
            "données par e-mail."
        ),
        unsubscribe_service="Ne plus recevoir d'e-mails de ce service",
        unsubscribe_all="Ne plus recevoir d'e-mails d'aucun service",
        confirm_title="Confirmez votre adresse e-mail",
        confirm_asked=(
            "Vous avez demandé à recevoir les notifications à cette adresse. "
            "Pour la confirmer, ouvrez le lien dans les 24 heures."
        ),
        confirm_button="Confirmer l'adresse",
        confirm_ignore="Si ce n'était pas vous, vous n'avez rien à faire.",
        changed_title="Votre adresse e-mail a changé",
        changed_said=(
            "Cette adresse n'est plus celle de votre profil : elle ne reçoit plus d'avis des "
            "administrations."
        ),
        changed_not_you=(
            "Si ce n'était pas vous, ouvrez l'application et vérifiez l'adresse e-mail de "
            "votre profil."
        ),
        data_title="Vos données sont prêtes",
        data_said="Ouvrez l'application pour les télécharger : elles sont disponibles 3 jours.",
    ),
    payment_notices=NoticePhrases(
        asks="**{who}** vous demande un paiement de **{amount}**.",
        instalment="C'est l'échéance {index} sur {total}.",
        due="Date limite",
        number="Numéro d'avis",
        payee="Code fiscal du créancier",
        whole=(
            f"Vous pouvez tout payer en une fois avec cet avis, ou en plusieurs échéances{_SPACE}:"
        ),
        parts=(
            f"Le paiement est en plusieurs échéances. Avec cet avis vous payez la première{_SPACE}:"
        ),
        part="{amount}, date limite {due}, avis {number}",
        expires="Après la date limite, il n'est plus possible de payer avec cet avis.",
        how=(
            "Vous pouvez payer dans l'app ou, avec le numéro d'avis, auprès des banques, de la "
            "poste et des autres prestataires de paiement qui adhèrent à pagoPA."
        ),
        amended=f"L'expéditeur a modifié cet avis{_SPACE}: {{day}}.",
        reopened=(
            f"L'expéditeur avait annulé cet avis{_SPACE}: il est à nouveau valable dès le {{day}}."
        ),
    ),
    withdrawals=WithdrawalPhrases(
        withdrawn=f"**L'expéditeur a retiré ce message{_SPACE}: {{moment}}.**",
        reason=f"Motif{_SPACE}: {{reason}}",
        superseded="L'expéditeur l'a remplacé par un nouveau message.",
        cancelled="L'expéditeur a annulé cet avis de paiement : vous n'avez pas à le "
        "payer. Si vous en avez payé une partie, contactez l'expéditeur.",
    ),
)
