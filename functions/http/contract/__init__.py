"""The contract of every endpoint: decoding, policies, problems."""
