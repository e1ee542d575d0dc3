"""The text of a batch from Markdown files: the letter, and its variants in other languages."""

import re
from dataclasses import dataclass
from pathlib import Path

from recapito.cli.exits import UsageError
from recapito.models.batches import Text

LANGUAGES = {"de": "de_DE", "en": "en_GB", "es": "es_ES", "fr": "fr_FR"}
_FRONT = re.compile(r"\A---[ \t]*\n(.*?)^---[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_HEADING = re.compile(r"\A\s*#[ \t]+(.+?)[ \t]*#*[ \t]*(?:\n|\Z)")
_MEMBER = re.compile(r"(subject|oggetto)[ \t]*:[ \t]*(.+)")
_VARIANT = re.compile(r"[a-z]{2}")


@dataclass(frozen=True, slots=True)
class Letter:
    """The text of a batch in Italian, and in other languages."""

    text: Text
    variants: dict[str, Text]


def read_letter(path: Path, subject: str | None = None) -> Letter:
    """Read `letter.md`, and `letter.de.md` and the like beside it. Raise UsageError.

    `subject`: in place of that of the letter; the variants keep their own.
    """
    variants: dict[str, Text] = {}
    for file in sorted(path.parent.iterdir()) if path.parent.is_dir() else ():
        stem, _, language = file.stem.rpartition(".")
        if stem != path.stem or file.suffix != path.suffix or not _VARIANT.fullmatch(language):
            continue
        if language not in LANGUAGES:
            known = ", ".join(LANGUAGES)
            raise UsageError("letter_language", path=file, language=language, known=known)
        variants[LANGUAGES[language]] = read_text(file)
    return Letter(read_text(path, subject), variants)


def read_text(path: Path, subject: str | None = None) -> Text:
    """Read one text: front matter or the first heading is its subject. Raise UsageError."""
    try:
        body = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise UsageError("letter_encoding", path=path) from None
    found: str | None = None
    if front := _FRONT.match(body):
        found, body = _front(path, front[1]), body[front.end() :]
    if found is None and (heading := _HEADING.match(body)):
        found, body = heading[1], body[heading.end() :]
    subject = subject or found
    if not subject:
        raise UsageError("letter_subject", path=path)
    if not body.strip():
        raise UsageError("letter_empty", path=path)
    return Text(subject, body.strip() + "\n")


def _front(path: Path, text: str) -> str | None:
    found = None
    for line in text.splitlines():
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        member = _MEMBER.fullmatch(line.strip())
        if member is None:
            raise UsageError("letter_front", path=path, line=line.partition(":")[0][:40])
        value = member[2].strip()
        quoted = value[0] == value[-1] and value[0] in "\"'" and len(value) > 1
        found = value[1:-1] if quoted else value
    return found
