"""Templates for tests, long enough for messages."""

from typing import Any, Final

from lib.domain.batches.errors import InvalidTemplateError, TemplateFault
from lib.domain.batches.templates.template import Rendered, TemplateForm
from lib.domain.profiles.choices import Language
from lib.rendering.message_templates.compiled import MessageTemplate, compile_template

REST: Final = (
    "\n\nQuesto testo serve soltanto a dare al messaggio la lunghezza che deve avere almeno.\n"
)


def a_form(
    markdown: str = "Gentile {{ nome }},", subject: str = "Tassa sui rifiuti", **variants: Any
) -> TemplateForm:
    """Return a template; `variants`: Markdown by language."""
    texts = {
        language: {"subject": subject, "markdown": text + REST}
        for language, text in variants.items()
    }
    return TemplateForm.model_validate(
        {
            "subject": subject,
            "markdown": markdown + REST,
            **({"variants": texts} if texts else {}),
        }
    )


def a_template(*texts: str, **variants: Any) -> MessageTemplate:
    """Return a template that can be rendered."""
    return compile_template(a_form(*texts, **variants))


def rendered(markdown: str, language: Language = "it_IT", /, **values: str) -> Rendered:
    """Return the message of a template for the values."""
    return a_template(markdown, **{language: markdown} if language != "it_IT" else {}).render(
        values, language
    )


def text_of(markdown: str, language: Language = "it_IT", /, **values: str) -> str:
    """Return the beginning of a message without faults."""
    message = rendered(markdown, language, **values)
    assert message.faults == ()
    assert message.markdown.endswith(REST.lstrip("\n"))
    return message.markdown.removesuffix(REST.lstrip("\n")).rstrip("\n")


def faults_of(form: TemplateForm) -> tuple[TemplateFault, ...]:
    """Return the faults of a template that has some."""
    try:
        compile_template(form)
    except InvalidTemplateError as error:
        return error.faults
    raise AssertionError("the template has no fault")
