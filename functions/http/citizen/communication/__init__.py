"""The citizen's app: the switch of SEND, and the older paths of messages and payments."""
