"""German."""

from typing import Final

from lib.rendering.texts.phrases import (
    EmailPhrases,
    NoticePhrases,
    NotificationPhrases,
    Phrases,
    WithdrawalPhrases,
)

GERMAN: Final = Phrases(
    tag="de",
    notifications=NotificationPhrases(
        new="Du hast eine neue Nachricht",
        new_many="Du hast {count} neue Nachrichten",
        read_it="Öffne die App, um sie zu lesen",
        read_them="Öffne die App, um sie zu lesen",
        unread="Du hast eine ungelesene Nachricht",
        unread_from="Lies die Nachricht von {organization}",
        again="Erinnerung: Eine Nachricht wartet auf dich",
        again_from="Erinnerung: Öffne die Nachricht von {organization}",
        pay="Du hast einen Bescheid zu bezahlen",
        pay_tomorrow="Du hast einen Bescheid, der morgen fällig ist",
        pay_today="Du hast einen Bescheid, der heute fällig ist",
        pay_it="Öffne die App, um ihn zu bezahlen",
        pay_it_in_days="Er ist in {days} Tagen fällig: Öffne die App, um ihn zu bezahlen",
        pay_it_from="Öffne die App und bezahle den Bescheid von {organization}",
        pay_it_from_in_days=(
            "Er ist in {days} Tagen fällig: Öffne die App und bezahle den Bescheid von "
            "{organization}"
        ),
        due_in_days="Du hast eine Frist in {days} Tagen",
        due_tomorrow="Du hast morgen eine Frist",
        due_today="Du hast heute eine Frist",
        read_about_it="Öffne die App, um die Nachricht zu lesen",
    ),
    emails=EmailPhrases(
        sender="Behörde",
        service="Dienst",
        subject="Betreff",
        amount="Betrag",
        due="Fällig",
        reason=(
            "Du erhältst diese E-Mail, weil du Benachrichtigungen per E-Mail eingeschaltet hast."
        ),
        do_not_reply=(
            "Bitte nicht antworten: Niemand liest dieses Postfach, und wir fragen nie per E-Mail "
            "nach Daten."
        ),
        unsubscribe_service="Keine E-Mails mehr von diesem Dienst",
        unsubscribe_all="Keine E-Mails mehr von allen Diensten",
        confirm_title="Bestätige deine E-Mail-Adresse",
        confirm_asked=(
            "Du möchtest Benachrichtigungen an diese Adresse erhalten. "
            "Öffne den Link innerhalb von 24 Stunden, um sie zu bestätigen."
        ),
        confirm_button="Adresse bestätigen",
        confirm_ignore="Wenn du das nicht warst, musst du nichts tun.",
        changed_title="Deine E-Mail-Adresse wurde geändert",
        changed_said=(
            "Diese Adresse gehört nicht mehr zu deinem Profil: Sie erhält ab jetzt keine "
            "Mitteilungen der Behörden."
        ),
        changed_not_you=(
            "Wenn du das nicht warst, öffne die App und prüfe die E-Mail-Adresse in deinem Profil."
        ),
        data_title="Ihre Daten sind bereit",
        data_said="Öffnen Sie die App, um sie herunterzuladen: Sie sind 3 Tage verfügbar.",
    ),
    payment_notices=NoticePhrases(
        asks="**{who}** bittet dich um eine Zahlung von **{amount}**.",
        instalment="Dies ist Rate {index} von {total}.",
        due="Fällig",
        number="Bescheidnummer",
        payee="Steuernummer des Empfängers",
        whole="Du kannst mit diesem Bescheid alles auf einmal zahlen oder in Raten:",
        parts="Die Zahlung erfolgt in Raten. Mit diesem Bescheid zahlst du die erste:",
        part="{amount}, fällig {due}, Bescheid {number}",
        expires="Nach Ablauf der Frist kann mit diesem Bescheid nicht mehr gezahlt werden.",
        how=(
            "Du kannst in der App zahlen oder, mit der Bescheidnummer, bei Banken, Postämtern und "
            "den anderen Zahlungsdienstleistern, die an pagoPA teilnehmen."
        ),
        amended="Der Absender hat diesen Bescheid geändert: {day}.",
        reopened=(
            "Der Absender hatte diesen Bescheid zurückgezogen: seit dem {day} gilt er wieder."
        ),
    ),
    withdrawals=WithdrawalPhrases(
        withdrawn="**Der Absender hat diese Nachricht zurückgezogen: {moment}.**",
        reason="Grund: {reason}",
        superseded="Der Absender hat sie durch eine neue Nachricht ersetzt.",
        cancelled="Der Absender hat diese Zahlungsaufforderung storniert: Sie müssen sie "
        "nicht bezahlen. Wenn Sie einen Teil bezahlt haben, wenden Sie sich an den Absender.",
    ),
)
