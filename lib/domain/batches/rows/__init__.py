"""The rows of a batch: their messages, values and refusals."""
