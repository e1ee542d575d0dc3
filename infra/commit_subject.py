"""Checks a commit's subject, as git's hook commit-msg: `python -m infra.commit_subject FILE`."""

import re
import sys
from pathlib import Path
from typing import Final

MOST: Final = 72
"""The most characters of a subject. Lists of commits show so many."""
_FORM: Final = re.compile(r"[a-z][a-z0-9 _,-]*: \S.*\.")
_MADE_BY_TOOLS: Final = ("Merge ", "Revert ", "fixup! ", "squash! ", "amend! ", "dependencies: ")


def faults(message: str) -> list[str]:
    """Return the faults of a commit message, one sentence each.

    A subject that git or a bot writes is accepted as it is.
    """
    lines = [line for line in message.splitlines() if not line.startswith("#")]
    subject, *rest = lines or [""]
    if subject.startswith(_MADE_BY_TOOLS):
        return []
    found = []
    if len(subject) > MOST:
        found.append(f"The subject has {len(subject)} characters; {MOST} is the most.")
    if not _FORM.fullmatch(subject):
        found.append("The subject has the form `area: What is so now.`")
    if rest and rest[0].strip():
        found.append("An empty line separates the subject from the body.")
    return found


def main(arguments: list[str]) -> int:
    """Print the faults of the message in a file; return 1 if there are any."""
    found = faults(Path(arguments[0]).read_text(encoding="utf-8"))
    for fault in found:
        sys.stderr.write(f"recapito: {fault}\n")
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
