"""The output of a command: words in the user's language, tables, a progress bar, or JSON."""

import dataclasses
import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Table

from recapito.cli.words import codes, words
from recapito.models.batches import Batch


class Screen:
    """The output of one command. `facts`: the JSON that it prints at its end.

    `batch`, `goes_on`: the batch, and the key of the words about it, of an interrupted command.
    Words for the person go to the standard output, or with --json to none; the bar and errors go to
    the standard error.
    """

    def __init__(self, language: str, *, as_json: bool) -> None:
        self.language = language
        self.as_json = as_json
        self.facts: dict[str, Any] = {}
        self.batch: str | None = None
        self.goes_on = "goes_on"
        self._words = words(language)
        self._codes = codes(language)
        self._out = Console(file=sys.stdout, quiet=as_json, highlight=False, soft_wrap=True)
        self._err = Console(file=sys.stderr, highlight=False, soft_wrap=True)
        self._err_words = Console(file=sys.stderr, quiet=as_json, highlight=False, soft_wrap=True)

    def text(self, key: str, **values: object) -> str:
        """Return words in the user's language."""
        return self._words[key].format(**values)

    def say(self, key: str, **values: object) -> None:
        """Print words."""
        self._out.print(self.text(key, **values), markup=False)

    def aside(self, key: str, **values: object) -> None:
        """Print words beside the output, such as a wait."""
        self._err_words.print(self.text(key, **values), markup=False)

    def complain(self, text: str) -> None:
        """Print an error."""
        self._err.print(f"recapito: {text}", markup=False)

    def meaning(self, code: str, *kinds: str) -> str:
        """Return the words of a code, which is of one of these kinds; "" for an unknown one."""
        return next((self._codes[kind][code] for kind in kinds if code in self._codes[kind]), "")

    def rule(self, code: str, message: str) -> str:
        """Return the rule that a row breaks: in English the API's own words, which say more."""
        return message if self.language == "en" else self.meaning(code, "problem") or message

    def file_rule(self, code: str, message: str) -> str:
        """Return the rule that a list breaks, with the API's words: they name the columns."""
        known = "" if self.language == "en" else self.meaning(code, "file")
        return f"{known} ({message})" if known else message

    def table(self, headings: Iterable[str], rows: Iterable[Iterable[object]]) -> None:
        """Print rows below their headings."""
        table = Table(box=None, pad_edge=False, header_style="bold")
        for heading in headings:
            table.add_column(self.text(heading), overflow="fold")
        for row in rows:
            table.add_row(*(_escaped(one) for one in row))
        self._out.print(table)

    def line(self, text: str) -> None:
        """Print a line as it is."""
        self._out.print(text, markup=False)

    @contextmanager
    def bar(self, key: str, total: int | None = None) -> Iterator["Bar"]:
        """Show a bar while the block runs."""
        columns = (TextColumn("{task.description}"), BarColumn())
        more = (MofNCompleteColumn(), TimeRemainingColumn()) if total is not None else ()
        with Progress(*columns, *more, console=self._err, disable=self.as_json) as progress:
            yield Bar(progress, progress.add_task(self.text(key), total=total))

    def end(self) -> None:
        """Print the JSON, where it is wanted."""
        if self.as_json:
            json.dump(self.facts, sys.stdout, default=_plain, ensure_ascii=False)
            sys.stdout.write("\n")


class Bar:
    """A bar on the screen."""

    def __init__(self, progress: Progress, task: Any) -> None:
        self._progress = progress
        self._task = task

    def shows(self, batch: Batch) -> None:
        """Show how far the batch is; once it is recalled, how many messages are withdrawn."""
        progress = batch.progress
        if progress is None:
            return
        done, total = progress.done, progress.total
        if batch.withdrawal is not None:
            done, left = (
                sum(progress.outcomes.get(outcome, 0) for outcome in outcomes)
                for outcomes in (("WITHDRAWN", "NOT_WITHDRAWN"), ("SENT", "HELD"))
            )
            total = done + left
        self._progress.update(self._task, completed=done, total=total)


def as_facts(value: Any) -> Any:
    """Return a dataclass as JSON, times as text."""
    return json.loads(json.dumps(dataclasses.asdict(value), default=_plain))


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return dict(value)
    return str(value)


def _escaped(value: object) -> str:
    return str(value).replace("[", "\\[")
