"""The identity provider of the sandbox: a real one, from npm, with the sandbox's citizens."""
