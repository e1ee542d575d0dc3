"""Actions on notifications that tell delegates of messages in the inbox of another party."""
