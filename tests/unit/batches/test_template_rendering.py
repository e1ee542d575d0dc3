"""A template and the values of a row give a message, or the faults of the row."""

import pytest

from lib.domain.batches.templates.template import TemplateForm
from lib.domain.profiles.choices import Language
from lib.rendering.message_templates.advice import advice_about
from lib.rendering.message_templates.compiled import compile_template
from tests.unit.batches.letters import a_form, a_template, rendered, text_of

SEX = (
    '{% if sesso == "F" %}Gentile signora{% elif sesso == "M" %}Gentile signore{% else %}Ciao'
    "{% endif %}"
)


@pytest.mark.parametrize(
    ("markdown", "values", "text"),
    [
        ("Ciao {{ nome }}.", {"nome": "Anna"}, "Ciao Anna."),
        ("Ciao {{nome}} e {{ NOME }}.", {"nome": "Anna"}, "Ciao Anna e Anna."),
        ("{{ Città }}", {"citta": "Forlì"}, "Forlì"),
        ("{{ 'testo' }} {{ 12 }}", {}, "testo 12"),
        ("{{ '{{ nome }}' }}", {}, r"\{\{ nome \}\}"),
        ("{% raw %}{{ nome }}{% endraw %}", {}, "{{ nome }}"),
        ("uno{# due #} quattro", {}, "uno quattro"),
        ("}} %} { } #", {}, "}} %} { } #"),
        (SEX, {"sesso": "F"}, "Gentile signora"),
        (SEX, {"sesso": " M "}, "Gentile signore"),
        (SEX, {"sesso": "f"}, "Ciao"),
        (SEX, {}, "Ciao"),
        ("{% if a != 'x' %}sì{% endif %}", {"a": "x"}, ""),
        ("{% if a != 'x' %}sì{% endif %}", {}, "sì"),
        ("{% if a == b %}sì{% endif %}", {"a": "1", "b": "1"}, "sì"),
        ("{% if rate == 2 %}sì{% endif %}", {"rate": "2"}, "sì"),
        ("{% if a == '' %}sì{% endif %}", {}, "sì"),
        ("{% if a %}sì{% else %}no{% endif %}", {"a": "x"}, "sì"),
        ("{% if a %}sì{% else %}no{% endif %}", {"a": " \u200b\u2800"}, "no"),
        ("{% if not a %}sì{% endif %}", {}, "sì"),
        ("{% if a and b %}sì{% else %}no{% endif %}", {"a": "x"}, "no"),
        ("{% if a or b %}sì{% else %}no{% endif %}", {"b": "x"}, "sì"),
        ("{% if a and not (b or c) %}sì{% endif %}", {"a": "x"}, "sì"),
        ("{% if a|upper == 'F' %}sì{% endif %}", {"a": "f"}, "sì"),
        ("{% if a %}{% if b %}due{% endif %}{% endif %}", {"a": "x", "b": "x"}, "due"),
        ("{{ nome | upper }}", {"nome": "Anna"}, "ANNA"),
        ("{{ nome | lower }}", {"nome": "ANNA"}, "anna"),
        ("{{ nome | default('cittadino') }}", {}, "cittadino"),
        ("{{ nome | default('cittadino') }}", {"nome": "  "}, "cittadino"),
        ("{{ nome | default('cittadino') | upper }}", {}, "CITTADINO"),
        ("{{ nome | upper | default('x') }}", {"nome": "a"}, "A"),
        ("a{{ nome | default('') }}b", {}, "ab"),
        ("{{ tariffa | euro }}", {"tariffa": "1234,5"}, "1\\.234\\,50\xa0€"),
        ("{{ nato | date }}", {"nato": "1980-01-01"}, "1° gennaio 1980"),
        ("{{ nato | date | upper }}", {"nato": "1/2/1980"}, "1° FEBBRAIO 1980"),
        ("{{ tariffa | euro | default('nulla') }}", {}, "nulla"),
        ("{{ importo | default('nulla') }}", {}, "nulla"),
    ],
)
def test_a_message_has_the_values_of_its_row(
    markdown: str, values: dict[str, str], text: str
) -> None:
    """Names, conditions and filters."""
    assert text_of(markdown, **values) == text


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("- uno\n{% if due %}\n- due\n  {% endif %}  \n- quattro", "- uno\n- due\n- quattro"),
        ("- uno\r\n{% if due %}\r\n- due\r\n{% endif %}\r\n- quattro", "- uno\n- due\n- quattro"),
        (
            "uno\n{% if due %}{# x #}\ndue\n{% endif %}{% if due %}\ntre\n{% endif %}\nfine",
            "uno\ndue\ntre\nfine",
        ),
        ("uno {% if due %}due{% endif %}\n\ntre", "uno due\n\ntre"),
        ("uno\n\n{% if due %}due{% endif %}\n\ntre", "uno\n\ndue\n\ntre"),
        ("uno {%- if due %} due{% endif -%} \n quattro", "uno duequattro"),
        ("{% raw %}\n{% if due %}\n{% endraw %}\n.", "{% if due %}\n."),
    ],
)
def test_a_line_with_tags_alone_leaves_no_line(markdown: str, text: str) -> None:
    """Lists stay together, and a tag at the end of a line keeps the paragraph below apart."""
    assert text_of(markdown, due="x") == text


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("it_IT", "1\\.234\\,50, 1\\.234\\,50\xa0€, 01\\/07\\/2027, 1° luglio 2027"),
        ("en_GB", "1\\,234\\.50, €1\\,234\\.50, 01\\/07\\/2027, 1 July 2027"),
        ("de_DE", "1\\.234\\,50, 1\\.234\\,50\xa0€, 01\\.07\\.2027, 1\\. Juli 2027"),
        ("fr_FR", "1\u202f234\\,50, 1\u202f234\\,50\xa0€, 01\\/07\\/2027, 1er juillet 2027"),
        ("es_ES", "1\\.234\\,50, 1\\.234\\,50\xa0€, 01\\/07\\/2027, 1 de julio de 2027"),
    ],
)
def test_amounts_and_days_have_the_form_of_the_language(language: Language, text: str) -> None:
    """With a filter, and without one."""
    markdown = "{{ importo }}, {{ amount_euro | euro }}, {{ due_date }}, {{ scadenza | date }}"

    assert text_of(markdown, language, amount_euro="1234.50", due_date="2027-07-01") == text


def test_subjects_are_plain_text() -> None:
    """Nothing is escaped in them, and a line break becomes a space."""
    template = a_template("Gentile {{ nome }},", "Avviso per {{ nome }}: {{ importo | euro }}")

    message = template.render({"nome": "D'Angelo *\n[x]", "amount_euro": "84.50"})

    assert message.subject == "Avviso per D'Angelo * [x]: 84,50\xa0€"


def test_each_missing_value_is_a_fault() -> None:
    """All of them are told; the text shows the placeholder."""
    message = rendered("{{ nome }} {{ cognome }} {{ importo }} {{ nome }}", cognome="\u200b")

    assert [(one.field, one.code) for one in message.faults] == [
        ("nome", "VALUE_MISSING"),
        ("cognome", "VALUE_MISSING"),
        ("amount_euro", "VALUE_MISSING"),
    ]
    assert message.markdown.startswith(r"\{\{ nome \}\} \{\{ cognome \}\} \{\{ amount\_euro \}\} ")


def test_a_part_that_is_left_out_needs_no_value() -> None:
    """A value is missing only where it would stand in the text."""
    markdown = "{% if rate == '2' %}{{ seconda }}{% endif %}"

    assert rendered(markdown, rate="1").faults == ()
    (fault,) = rendered(markdown, rate="2").faults
    assert fault.field == "seconda"


@pytest.mark.parametrize(
    ("markdown", "code", "rule"),
    [
        ("{{ x | euro }}", "NOT_AN_AMOUNT", "must be an amount in euro"),
        ("{{ x | date }}", "NOT_A_DAY", "must be a day"),
    ],
)
def test_a_value_of_another_form_is_a_fault(markdown: str, code: str, rule: str) -> None:
    """The fault does not repeat the value, which may be personal data."""
    message = rendered(markdown, x="domani sera")

    (fault,) = message.faults
    assert (fault.field, fault.code) == ("x", code)
    assert fault.detail.startswith(rule)
    assert "domani" not in fault.detail
    assert message.markdown.startswith("domani sera")


@pytest.mark.parametrize(
    ("subject", "markdown", "fields"),
    [
        (10, 80, []),
        (120, 10_000, []),
        (9, 80, ["subject"]),
        (121, 10_001, ["subject", "markdown"]),
        (10, 79, ["markdown"]),
    ],
)
def test_a_message_has_the_length_of_messages(
    subject: int, markdown: int, fields: list[str]
) -> None:
    """In UTF-16 code units, as for every message; an emoji has two."""
    form = TemplateForm(subject="{{ a }}", markdown="{{ b }}")

    message = compile_template(form).render(
        {"a": "x" * (subject - 2) + "😀", "b": "x" * (markdown - 2) + "😀"}
    )

    assert [one.field for one in message.faults] == fields
    assert {one.code for one in message.faults} <= {"WRONG_LENGTH"}


def test_a_template_tells_its_names() -> None:
    """The columns that a list must have, and those that it may have."""
    template = a_template(
        "{{ Nome }} {{ importo }} {{ a | default('x') }} {% if b %}{{ c }}{% endif %}",
        "Avviso {{ anno }}",
        de_DE="{{ fiscal_code }} {{ instalments }} {{ c }}",
    )

    assert template.placeholders == {"nome", "a", "b", "c", "anno"}
    assert template.names == template.placeholders | {"amount_euro", "fiscal_code", "instalments"}
    assert template.needed == {"nome", "amount_euro", "anno", "c", "fiscal_code", "instalments"}
    assert template.missing({"nome", "c"}) == ["amount_euro", "anno"]
    assert template.languages == ("it_IT", "de_DE")
    assert template.needs_rendering


@pytest.mark.parametrize("markdown", ["Gentile cittadino", "{{ 'testo' }}", "{# nulla #}"])
def test_a_template_without_names_needs_no_rendering(markdown: str) -> None:
    """Its message is the same for every row."""
    template = a_template(markdown)

    assert not template.needs_rendering
    assert template.render({}) == template.render({"nome": "Anna"})
    assert template.render({}).faults == ()


def test_a_citizen_gets_the_first_language_that_there_is() -> None:
    """Italian, where there is none."""
    template = a_template("{{ nome }}", de_DE="Guten Tag {{ nome }}")

    assert template.language_for(("fr_FR", "de_DE", "it_IT")) == "de_DE"
    assert template.language_for(("it_IT", "de_DE")) == "it_IT"
    assert template.language_for(("fr_FR",)) == template.language_for(()) == "it_IT"


def test_a_row_is_checked_in_all_languages() -> None:
    """Each fault is told once."""
    template = a_template("{{ nome }} {{ c | default('x') }}", de_DE="{{ nome }} {{ c }}")

    assert [one.field for one in template.faults({})] == ["nome", "c"]
    assert template.faults({"nome": "Anna", "c": "x"}) == ()


def test_probable_mistakes_are_warned_of() -> None:
    """One brace, and a name that a variant leaves out."""
    form = a_form("{{ nome }} { cognome } {anno} {1}", de_DE="Guten Tag {x}")

    warned = [(one.pointer, one.detail.partition(" ")[2]) for one in advice_about(form)]

    plain = "is plain text: a placeholder has two braces on each side"
    assert warned == [
        ("/markdown", f"cognome }} {plain}"),
        ("/markdown", plain),
        ("/variants/de_DE/markdown", plain),
        ("/variants/de_DE", "no {{ nome }}, which the Italian text has"),
    ]
