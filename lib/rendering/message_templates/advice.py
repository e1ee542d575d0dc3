"""Warn of parts of a template that are probably mistakes."""

import re
from collections.abc import Iterator
from typing import Final

from lib.domain.batches.templates.names import RESERVED
from lib.domain.batches.templates.template import TemplateForm
from lib.domain.messages.checks.warning import SubmissionWarning
from lib.domain.profiles.choices import DEFAULT_LANGUAGE
from lib.rendering.message_templates.compiled import compile_template

_ONE_BRACE: Final = re.compile(r"(?<!\{)\{\s*([^\W\d]\w*)\s*\}(?!\})")


def advice_about(form: TemplateForm) -> Iterator[SubmissionWarning]:
    """Yield the warnings about a valid template. Raise InvalidTemplateError for another."""
    texts = compile_template(form).texts
    italian = texts[DEFAULT_LANGUAGE].names
    for language, pointer, text in form.texts():
        for name in ("subject", "markdown"):
            for found in _ONE_BRACE.finditer(getattr(text, name)):
                yield SubmissionWarning(
                    f"{pointer}/{name}",
                    "ONE_BRACE",
                    f"{found[0]} is plain text: a placeholder has two braces on each side",
                )
        for name in sorted(italian - texts[language].names - RESERVED.keys()):
            yield SubmissionWarning(
                pointer,
                "PLACEHOLDER_MISSING",
                f"has no {{{{ {name} }}}}, which the Italian text has",
            )
