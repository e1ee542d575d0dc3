"""Remote content: a sender keeps the content of a message, and a configuration says where."""
