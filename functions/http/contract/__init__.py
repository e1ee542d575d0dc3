"""The contract of every endpoint: decoding, policies and problems."""
