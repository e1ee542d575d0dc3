"""What every endpoint declares and obeys: decoding, policies, refusals, problems."""
