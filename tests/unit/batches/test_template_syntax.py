"""A template with a fault is refused, with the place of the fault and the rule."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.domain.batches.errors import InvalidTemplateError, TemplateFault
from lib.domain.batches.templates.template import TemplateForm
from lib.rendering.message_templates.compiled import MAX_FAULTS, MessageTemplate, compile_template
from tests.unit.batches.letters import a_form, a_template, faults_of

END = "must end in"
VALUE = "must be a name, such as {{ nome }}"
CONDITION = "must be a name, such as {% if nome %}, or a comparison"


@pytest.mark.parametrize(
    ("markdown", "line", "column", "rule"),
    [
        ("Gentile {{ nome,", 1, 9, END),
        ("Gentile {{ nome },", 1, 9, END),
        ("Gentile {{ nome\n\ne {{ cognome }}", 1, 9, END),
        ("uno\ndue {{ “nome” }}", 2, 5, END),
        ("{{ nome | default('x) }}", 1, 1, END),
        ("{{ (nome }}", 1, 1, END),
        ("uno {# due", 1, 5, "must end in #}"),
        ("{% if nome", 1, 1, "must end in %}"),
        ("{% raw %} {{ nome }}", 1, 1, "must end in %}"),
        ("{{ nome" + " " * 300 + "}}", 1, 1, "is longer than 200 characters"),
        ("{{ }}", 1, 1, VALUE),
        ("a\r\nb\r\n {{ nome cognome }}", 3, 2, "a name has no spaces: write nome_cognome"),
        ("{{ Nome del Comune }}", 1, 1, "a name has no spaces: write nome_del_comune"),
        ("{{ nome.cognome }}", 1, 1, VALUE),
        ("{{ nome['x'] }}", 1, 1, VALUE),
        ("{{ nome() }}", 1, 1, VALUE),
        ("{{ nome.__class__.__mro__ }}", 1, 1, VALUE),
        ("{{ 1 + 1 }}", 1, 1, VALUE),
        ("{{ 'a' * 1000000000 }}", 1, 1, VALUE),
        ("{{ nome, cognome }}", 1, 1, VALUE),
        ("{{ a if b else c }}", 1, 1, VALUE),
        ("{{ a ~ b }}", 1, 1, VALUE),
        ("{{ [a] }}", 1, 1, VALUE),
        ("{{ true }}", 1, 1, VALUE),
        ("{{ 1.5 }}", 1, 1, VALUE),
        ("{{ nome == 'x' }}", 1, 1, VALUE),
        ("{{ " + "(" * 90 + "nome" + ")" * 90 + " }}", 1, 1, "has too many brackets"),
        ("{{ ñandù_ж }}", 1, 1, "a name has up to 100 letters"),
        ("{{ " + "n" * 101 + " }}", 1, 1, "a name has up to 100 letters"),
        ("{{ nome | capitalize }}", 1, 1, "capitalize is not a filter; there are default, upper"),
        ("{{ nome | attr('x') }}", 1, 1, "attr is not a filter"),
        ("{{ nome | default }}", 1, 1, "default needs one text in quotes"),
        ("{{ nome | default(altro) }}", 1, 1, "default needs one text in quotes"),
        ("{{ nome | default('a', true) }}", 1, 1, "default needs one text in quotes"),
        ("{{ nome | default(value='a') }}", 1, 1, VALUE),
        ("{{ nome | upper(1) }}", 1, 1, "upper takes nothing in brackets"),
        ("{{ 'a' | upper }}", 1, 1, "a filter needs a name before it"),
        ("{% for a in b %}", 1, 1, "is not a tag; there are if, elif, else and endif"),
        ("{% set a = 1 %}", 1, 1, "is not a tag"),
        ("{% include 'x' %}", 1, 1, "is not a tag"),
        ("{% import 'os' as os %}", 1, 1, "is not a tag"),
        ("{% %}", 1, 1, "is not a tag"),
        ("a\n{% if nome %}b", 2, 1, "has no {% endif %}"),
        ("a {% endif %}", 1, 3, "has no {% if %} before it"),
        ("a {% else %}", 1, 3, "has no {% if %} before it"),
        ("{% if a %}{% else %}{% else %}{% endif %}", 1, 21, "comes after the {% else %}"),
        ("{% if a %}{% else %}{% elif b %}{% endif %}", 1, 21, "comes after the {% else %}"),
        ("{% if a %}{% else if b %}{% endif %}", 1, 11, "another condition is {% elif nome %}"),
        ("{% if a %}{% endif a %}", 1, 11, "has only the word endif"),
        ("{% if %}{% endif %}", 1, 1, CONDITION),
        ("{% if 'a' %}{% endif %}", 1, 1, CONDITION),
        ("{% if a is defined %}{% endif %}", 1, 1, CONDITION),
        ("{% if a() %}{% endif %}", 1, 1, CONDITION),
        ("{% if a = 'x' %}{% endif %}", 1, 1, CONDITION),
        ("{% if a > 1 %}{% endif %}", 1, 1, "only == and != compare"),
        ("{% if a == b == c %}{% endif %}", 1, 1, "only == and != compare"),
        ("{% if a in 'x' %}{% endif %}", 1, 1, "only == and != compare"),
        ("{% if 'a' == 'a' %}{% endif %}", 1, 1, "a comparison needs a name"),
        ("{% if importo == 10 %}{% endif %}", 1, 1, "an amount or a day cannot be compared"),
        ("{% if 'x' == scadenza_1 %}{% endif %}", 1, 1, "an amount or a day cannot be compared"),
        ("{% if a %}" * 6 + "{% endif %}" * 6, 1, 51, "stands in 5 others"),
        ("{{ a }}" * 501, 1, 3501, "is piece 501; 500 are allowed"),
    ],
)
def test_a_fault_has_its_place_and_its_rule(
    markdown: str, line: int, column: int, rule: str
) -> None:
    """The rule begins with the value or the tag as it is written."""
    (fault,) = faults_of(a_form(markdown))

    assert (fault.pointer, fault.line, fault.column) == ("/markdown", line, column)
    shown, _, told = fault.rule.partition(": ")
    assert shown.startswith("{")
    assert told.startswith(rule) or rule in told
    assert fault.detail == f"line {line}, column {column}: {fault.rule}"


def test_all_faults_are_told_at_once() -> None:
    """In the order of the texts, each with its pointer."""
    found = faults_of(
        a_form("{{ a b }}\n{% if c() %}{{ d.e }}{% endif %}", "{{ f | g }}", de_DE="{{ 1 + 1 }}")
    )

    assert [(one.pointer, one.line, one.column) for one in found] == [
        ("/subject", 1, 1),
        ("/markdown", 1, 1),
        ("/markdown", 2, 1),
        ("/markdown", 2, 13),
        ("/variants/de_DE/subject", 1, 1),
        ("/variants/de_DE/markdown", 1, 1),
    ]


def test_the_faults_of_one_answer_have_a_limit() -> None:
    """A text without any right value does not make a long answer."""
    assert len(faults_of(a_form("{{ 1 + 1 }}" * 400))) == MAX_FAULTS


def test_a_variant_has_no_name_of_its_own() -> None:
    """It may use the names of every row all the same."""
    form = a_form("{{ nome }}", de_DE="{{ nome }} {{ vorname }} {{ importo }}")

    (fault,) = faults_of(form)

    assert fault.pointer == "/variants/de_DE/markdown"
    assert fault.detail == "{{ vorname }} is not in the Italian text"


def test_a_fault_of_the_italian_text_makes_no_others() -> None:
    """The names after the fault are not known, so those of a variant are not compared."""
    (fault,) = faults_of(a_form("{{ nome", de_DE="{{ nome }}"))

    assert fault.pointer == "/markdown"


@pytest.mark.parametrize(
    ("subject", "markdown", "pointer", "rule"),
    [
        ("breve", "Gentile {{ nome }}", "/subject", "must be 10 to 120 UTF-16 code units long"),
        ("x" * 121, "Gentile {{ nome }}", "/subject", "must be 10 to 120"),
        ("Tassa sui rifiuti", "x" * 10_001, "/markdown", "must be 80 to 10000"),
    ],
)
def test_a_text_without_placeholders_has_the_length_of_a_message(
    subject: str, markdown: str, pointer: str, rule: str
) -> None:
    """It is the same for every row, so it is refused at once."""
    (fault,) = faults_of(a_form(markdown, subject))

    assert fault.pointer == pointer
    assert fault.detail.startswith(rule)


def test_a_template_is_read_once() -> None:
    """A chunk of rows does not read the template of the chunk before again."""
    assert a_template("{{ nome }}") is a_template("{{ nome }}")


PARTS = st.sampled_from(
    ("{{", "}}", "{%", "%}", "{#", "#}", "{", "}", "-", "|", "(", ")", "'", '"', "==", " ", "\n")
) | st.sampled_from(("nome", "if", "else", "elif", "endif", "raw", "endraw", "default", "1", "\r"))


def read(form: TemplateForm) -> tuple[MessageTemplate | None, tuple[TemplateFault, ...]]:
    """Return the template, or its faults."""
    try:
        return compile_template(form), ()
    except InvalidTemplateError as error:
        return None, error.faults


@given(st.lists(PARTS, max_size=30).map("".join) | st.text(max_size=60))
def test_any_text_is_a_template_or_has_faults(text: str) -> None:
    """Nothing else is raised, and each place lies inside of the text."""
    form = a_form(text)
    template, faults = read(form)
    lines = form.markdown.replace("\r\n", "\n").replace("\r", "\n").split("\n")

    assert (template is None) == bool(faults)
    assert template is None or template.render({}).subject == form.subject
    for fault in faults:
        assert 0 <= fault.line <= len(lines)
        assert fault.line == 0 or 1 <= fault.column <= len(lines[fault.line - 1])
