"""Rules of messages: content, submission, warnings to the sender."""
