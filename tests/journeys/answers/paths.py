"""Paths, and parts of requests, that the calls for declared answers share."""

PAYMENTS = "/api/payments/v1/payments"


PAYMENT_INFO = "/api/communication/v1/payment/info"


OLDER_PAYMENT_INFO = "/api/v1/payment-info"


REMINDER_POLICY = "/api/v1/reminder-policy"


PROFILES = "/api/v1/profiles"


DASHBOARD = "/api/v1/dashboard/payments"


NOTICES = "/api/v1/payment-notices"


DEAD_LETTERS = "/api/operations/v1/dead-letters"

REPLAYS = "/api/operations/v1/dead-letter-replays"


DOUBTFUL = "/api/operations/v1/doubtful-claims"


OPERATORS_LOG = "/api/operations/v1/log"


QUEUES = "/api/operations/v1/queues"


NOWHERE = "0" * 26


PACKED = {"Content-Encoding": "compress"}
