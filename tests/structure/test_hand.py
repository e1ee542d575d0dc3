"""Flows in the pages are driven by keyboard: tests use a mouse nowhere else than in the hand."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tests.host.host_process import ROOT

WEB: Final = ROOT / "tests" / "web"
HAND: Final = "hand.py"
"""It taps on windows of a phone, where the same flow has another run by keyboard."""
POINTED: Final = frozenset(
    [
        *("click", "dblclick", "tap", "hover", "drag_to", "mouse", "touchscreen"),
        *("fill", "uncheck", "set_checked", "select_option", "set_input_files"),
        *("focus", "dispatch_event", "press_sequentially"),
    ]
)


def pointed(text: str) -> Iterator[int]:
    """Yield the lines of a source that act on a control without the hand."""
    tree = ast.parse(text)
    # a trial presses nothing: it fails where something lies over the control
    trials = {
        one.func
        for one in ast.walk(tree)
        if isinstance(one, ast.Call) and any(word.arg == "trial" for word in one.keywords)
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Attribute) or node in trials:
            continue
        of = node.value
        name = (
            of.attr if isinstance(of, ast.Attribute) else of.id if isinstance(of, ast.Name) else ""
        )
        # a window is checked, and keys are pressed; a control has another name before the dot
        is_control = name in {"", "first", "last"}
        if node.attr in POINTED or (node.attr in {"check", "press"} and is_control):
            yield node.lineno


def test_each_act_on_a_page_is_of_the_hand() -> None:
    """A click, a filled field or a set focus of its own would hide what a keyboard cannot do."""
    found = {
        one.name: lines
        for one in sorted(Path(WEB).glob("*.py"))
        if one.name != HAND and (lines := sorted(pointed(one.read_text())))
    }
    assert found == {}


def test_acts_without_the_hand_are_found() -> None:
    """The rule finds each kind of act."""
    text = 'page.get_by_label("A").check()\npage.locator("a").first.press("Enter")\n'
    text += "one.click()\npage.mouse.move(1, 1)\none.click(trial=True)\nwindow.check()\n"
    text += "page.keyboard.press('Tab')\n"
    assert sorted(pointed(text)) == [1, 2, 3, 4]
