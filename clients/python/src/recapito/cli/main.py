"""The command `recapito`: parse, call, and turn each error into words and an exit code."""

import argparse
import os
import sys
from collections.abc import Mapping, Sequence

from recapito.cli import looks
from recapito.cli.config import Access, find_access
from recapito.cli.exits import CONNECTION, INTERRUPTED, REFUSED, USAGE, UsageError
from recapito.cli.parser import make_parser
from recapito.cli.recall import recall
from recapito.cli.screen import Screen
from recapito.cli.send import send
from recapito.cli.words import LANGUAGES, language_of, words
from recapito.client import Recapito
from recapito.errors import NotReached, RateLimited, RecapitoError
from recapito.retries import REPEATED, RetryPolicy

PATIENCE = RetryPolicy(attempts=20)
"""A person waits through an outage of some minutes rather than type the command again."""
_STEPS = frozenset({"pause", "resume", "cancel", "retry"})


def run() -> None:
    """Run the command of this process, and exit."""
    sys.exit(main(sys.argv[1:], os.environ))


def main(
    arguments: Sequence[str], environment: Mapping[str, str], patience: RetryPolicy = PATIENCE
) -> int:
    """Run a command; return its exit code."""
    language = _asked_language(arguments) or language_of(environment)
    options = make_parser(words(language)).parse_args(arguments)
    screen = Screen(language, as_json=options.json)
    code = _guarded(options, environment, patience, screen)
    screen.facts["exit_code"] = code
    screen.end()
    return code


def _guarded(
    options: argparse.Namespace,
    environment: Mapping[str, str],
    patience: RetryPolicy,
    screen: Screen,
) -> int:
    try:
        return _run(options, environment, patience, screen)
    except UsageError as error:
        return _failed(screen, screen.text(error.text, **error.values), USAGE)
    except TimeoutError:
        code = _failed(screen, screen.text("late"), CONNECTION)
        _tell_batch(screen)
        return code
    except OSError as error:
        text = screen.text("bad_file", path=error.filename, error=error.strerror)
        return _failed(screen, text, USAGE)
    except RecapitoError as error:
        is_away = isinstance(error, NotReached | RateLimited) or error.status in REPEATED
        code = _failed(screen, str(error), CONNECTION if is_away else REFUSED)
        if is_away:
            _tell_batch(screen)
        return code
    except KeyboardInterrupt:
        code = _failed(screen, screen.text("interrupted"), INTERRUPTED)
        _tell_batch(screen)
        return code


def _run(
    options: argparse.Namespace,
    environment: Mapping[str, str],
    patience: RetryPolicy,
    screen: Screen,
) -> int:
    access = find_access(environment, url=options.url, profile=options.profile)
    with _client(access, patience, screen) as client:
        if options.command == "send":
            return send(client, options, screen)
        if options.command in _STEPS:
            return looks.steer(client, options, screen)
        if options.command == "keys":
            return looks.keys(client, access, screen)
        commands = {"recall": recall, "status": looks.status, "reach": looks.reach}
        return commands[options.command](client, options, screen)


def _client(access: Access, patience: RetryPolicy, screen: Screen) -> Recapito:
    def waits(seconds: float, reason: str) -> None:
        screen.aside("waiting", seconds=seconds, reason=reason)

    try:
        return Recapito(access.url, access.key, retries=patience, on_wait=waits)
    except ValueError as error:
        raise UsageError("bad_url", error=error) from None


def _failed(screen: Screen, text: str, code: int) -> int:
    screen.facts["error"] = text
    screen.complain(text)
    return code


def _tell_batch(screen: Screen) -> None:
    if screen.batch is not None:
        screen.facts.setdefault("batch", {"id": screen.batch})
        screen.complain(screen.text(screen.goes_on, id=screen.batch))


def _asked_language(arguments: Sequence[str]) -> str | None:
    """Return the language of --lang, which the help is in too."""
    for one, following in zip(arguments, [*arguments[1:], ""], strict=True):
        asked = one.removeprefix("--lang=") if one.startswith("--lang=") else following
        if one.startswith("--lang") and asked in LANGUAGES:
            return asked
    return None


if __name__ == "__main__":
    run()
