"""Files in answers, and the bytes of a file as an answer."""
