"""The rules of the variants of a message, and what is probably forgotten in them."""

from typing import Any

import pytest

from tests.builders.messages import MARKDOWN, WITH_WARNINGS, a_message
from tests.builders.profiles import with_profile
from tests.functions.messages.variant_calls import GERMAN, translated
from tests.stack import Stack


@pytest.mark.parametrize(
    ("variants", "field"),
    [
        ({"de_DE": GERMAN | {"subject": "kurz"}}, "content/variants/de_DE/subject"),
        ({"de_DE": GERMAN | {"subject": "zwei\nZeilen, lang"}}, "content/variants/de_DE/subject"),
        ({"de_DE": GERMAN | {"markdown": "kurz"}}, "content/variants/de_DE/markdown"),
        ({"de_DE": GERMAN | {"markdown": "x" * 10_001}}, "content/variants/de_DE/markdown"),
        ({"de_DE": {"subject": "Abfallgebühr"}}, "content/variants/de_DE/markdown"),
        ({"de_DE": None}, "content/variants/de_DE"),
    ],
)
async def test_each_variant_has_the_rules_of_a_message(
    stack: Stack, variants: dict[str, Any], field: str
) -> None:
    """A refusal names the place, in the submission and in the dry run."""
    body = a_message(content={"variants": variants})

    for name in ("submit_message", "dry_run_message"):
        reply = await stack.call(name, body)

        assert reply.status == 400
        assert f"/{field}" in [one["pointer"] for one in reply.body["errors"]]


async def test_what_is_probably_forgotten_gives_a_warning(stack: Stack) -> None:
    """An unknown language, a copied text, and a second language without its text."""
    content = {
        "variants": {"de_DE": GERMAN | {"markdown": MARKDOWN}, "pt_PT": GERMAN},
        "second_language": "sl_SI",
    }
    reply = await stack.call("submit_message", a_message(content=content), headers=WITH_WARNINGS)

    pointers = [one["pointer"] for one in reply.body["warnings"]]
    assert sorted(pointers) == [
        "/content/variants",
        "/content/variants/de_DE/markdown",
        "/content/variants/pt_PT",
    ]


@pytest.mark.parametrize(
    ("languages", "gets"), [(["fr_FR", "sl_SI"], "sl_SI"), (["fr_FR"], "it_IT"), (["sl_SI"], None)]
)
async def test_a_dry_run_tells_of_the_citizen_s_language(
    stack: Stack, languages: list[str], gets: str | None
) -> None:
    """A sender that may read the citizen's languages learns what the citizen would get."""
    await with_profile(stack, languages=languages)

    reply = await stack.call("dry_run_message", a_message(**translated()))

    told = [one["detail"] for one in reply.body["warnings"]]
    assert len(told) == (gets is not None)
    assert gets is None or f"the citizen gets {gets}" in told[0]
