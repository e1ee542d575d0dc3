"""The fault of a file whose content is not what its name says."""


class FormError(Exception):
    """The content is not of the form; the text says why, without a word of the content."""
