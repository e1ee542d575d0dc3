"""Citizens who wait for the link that validates their e-mail address."""

from functions.queues.consumer import Consumer
from lib.domain.events import EmailValidationRequested
from lib.queues import EMAIL_VALIDATION_REQUESTED

send_validation_email = Consumer(
    name="send_validation_email",
    queue=EMAIL_VALIDATION_REQUESTED,
    item=EmailValidationRequested,
    handler=lambda app, item: app.send_validation_email(item),
)
