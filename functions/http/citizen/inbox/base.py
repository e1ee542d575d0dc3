"""The path and the policy of the endpoints of the inbox as a whole.

They are not below `messages`, where the platform could take their names for ids of messages.
"""

from typing import Final

from functions.http.contract.policies import Citizens

CITIZENS: Final = Citizens()
INBOX: Final = "/api/communication/v1/inbox"
