"""The path of the endpoints of the inbox as a whole.

It is not below `messages`, where the platform could take their names for ids of messages.
"""

from typing import Final

INBOX: Final = "/api/communication/v1/inbox"
