"""Citizens who wait for the link that validates their e-mail address."""

from functions.queues.contract import Consumer
from lib.ports.queueing.items import EmailValidationRequested
from lib.ports.queueing.names import EMAIL_VALIDATION_REQUESTED

send_validation_email = Consumer(
    name="send_validation_email",
    queue=EMAIL_VALIDATION_REQUESTED,
    item=EmailValidationRequested,
    handler=lambda app, item: app.send_validation_email(item),
)
