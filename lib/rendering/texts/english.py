"""English."""

from typing import Final

from lib.rendering.texts.phrases import (
    EmailPhrases,
    NoticePhrases,
    NotificationPhrases,
    Phrases,
    WithdrawalPhrases,
)

ENGLISH: Final = Phrases(
    tag="en",
    notifications=NotificationPhrases(
        new="You have a new message",
        new_many="You have {count} new messages",
        read_it="Open the app to read it",
        read_them="Open the app to read them",
        unread="You have an unread message",
        unread_from="Read the message from {organization}",
        again="Reminder: a message is waiting for you",
        again_from="Reminder: open the message from {organization}",
        pay="You have a notice to pay",
        pay_tomorrow="You have a notice due tomorrow",
        pay_today="You have a notice due today",
        pay_it="Open the app to pay it",
        pay_it_in_days="It is due in {days} days: open the app to pay it",
        pay_it_from="Open the app and pay the notice issued by {organization}",
        pay_it_from_in_days=(
            "It is due in {days} days: open the app and pay the notice issued by {organization}"
        ),
        due_in_days="You have a deadline in {days} days",
        due_tomorrow="You have a deadline tomorrow",
        due_today="You have a deadline today",
        read_about_it="Open the app to read the message",
    ),
    emails=EmailPhrases(
        sender="Organisation",
        service="Service",
        subject="Subject",
        amount="Amount",
        due="Due",
        reason="You get this email because you switched email notifications on.",
        do_not_reply="Do not reply: nobody reads this mailbox, and we never ask for data by email.",
        unsubscribe_service="Stop emails from this service",
        unsubscribe_all="Stop emails from all services",
        confirm_title="Confirm your email address",
        confirm_asked=(
            "You asked for notifications at this address. "
            "To confirm it, open the link within 24 hours."
        ),
        confirm_button="Confirm the address",
        confirm_ignore="If it was not you, there is nothing to do.",
        changed_title="Your email address has changed",
        changed_said=(
            "This address is no longer the one in your profile: from now on it gets no "
            "notices from administrations."
        ),
        changed_not_you=(
            "If it was not you, open the app and check the email address in your profile."
        ),
        data_title="Your data is ready",
        data_said="Open the app to download it: it is available for 3 days.",
    ),
    payment_notices=NoticePhrases(
        asks="**{who}** asks you for a payment of **{amount}**.",
        instalment="This is instalment {index} of {total}.",
        due="Due date",
        number="Notice number",
        payee="Tax code of the payee",
        whole="You can pay all at once with this notice, or in instalments:",
        parts="The payment is in instalments. With this notice you pay the first:",
        part="{amount}, due {due}, notice {number}",
        expires="After the due date it is no longer possible to pay with this notice.",
        how=(
            "You can pay in the app or, with the notice number, at banks, post offices and the "
            "other payment service providers that take part in pagoPA."
        ),
        amended="The sender updated this notice: {day}.",
        reopened="The sender had cancelled this notice: it is valid again since {day}.",
    ),
    withdrawals=WithdrawalPhrases(
        withdrawn="**The sender withdrew this message: {moment}.**",
        reason="Reason: {reason}",
        superseded="The sender replaced it with a new message.",
        cancelled="The sender cancelled this payment notice: you do not have to pay it. "
        "If you paid a part of it, contact the sender.",
    ),
)
