"""The ports on SQLite and files, for one machine; captured mails and pushes for the sandbox."""
