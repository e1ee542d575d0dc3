"""The API of senders about messages that wait: for the sender's decision, or for their set time."""
