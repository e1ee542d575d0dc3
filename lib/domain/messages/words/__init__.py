"""The words of a message: the rules of subject and text, and their languages."""
