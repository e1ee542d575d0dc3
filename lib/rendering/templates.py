"""Render a Jinja2 template: HTML is escaped, and a name that is not defined is an error.

Cost: loading Jinja2 takes a tenth of a second, so the first use of a template loads it.
"""

from functools import cache
from pathlib import Path
from typing import Any, Final

_ROOT: Final = Path(__file__).parent


def render(name: str, **values: Any) -> str:
    """Return the text of a template. `name`: its path below `lib/rendering`."""
    rendered: str = _environment().get_template(name).render(values)
    return rendered


def load_templates() -> None:
    """Load Jinja2 and every template, so that a later use reads no file."""
    environment = _environment()
    for name in environment.list_templates(extensions=("jinja",)):
        environment.get_template(name)


@cache
def _environment() -> Any:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

    return Environment(
        loader=FileSystemLoader(_ROOT),
        autoescape=select_autoescape(("html.jinja",), default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )
