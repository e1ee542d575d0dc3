"""The other commands: show batches, steer them, ask who can be reached, show the key's limits."""

import sys
from argparse import Namespace
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from recapito.cli.config import Access
from recapito.cli.exits import DONE, REFUSED, UsageError
from recapito.cli.reports import failed_rows, kept_rows, show_batch
from recapito.cli.screen import Screen, as_facts
from recapito.client import CITIZENS_OF_A_CALL, Recapito
from recapito.errors import Refused
from recapito.models.messages import Recipient

_LATEST = 20
_ALLOWED, _FORBIDDEN = 200, 403


def status(client: Recapito, options: Namespace, screen: Screen) -> int:
    """Show a batch, or the latest ones."""
    if options.batch is not None:
        batch = client.batches.read(options.batch)
        show_batch(screen, batch)
        return REFUSED if failed_rows(batch) or kept_rows(batch) else DONE
    latest = list(islice(client.batches.list(page_size=_LATEST), _LATEST))
    screen.facts["batches"] = [as_facts(one) for one in latest]
    if not latest:
        screen.say("no_batches")
        return DONE
    screen.table(
        ("id", "name", "status", "created", "count", "meaning"),
        (
            (
                one.id,
                one.name,
                one.status,
                one.created_at.astimezone().strftime("%Y-%m-%d %H:%M"),
                one.check.rows if one.check else "",
                screen.meaning(one.status, "status"),
            )
            for one in latest
        ),
    )
    return DONE


def steer(client: Recapito, options: Namespace, screen: Screen) -> int:
    """Pause, resume, cancel or retry a batch."""
    step = getattr(client.batches, options.command)
    show_batch(screen, step(options.batch))
    return DONE


def reach(client: Recapito, options: Namespace, screen: Screen) -> int:
    """Print whether each citizen of a file can be reached, as CSV."""
    lines = _codes(options.codes)
    counts = Counter[str]()
    found: list[dict[str, str]] = []
    screen.line("fiscal_code,status")
    while part := list(islice(lines, CITIZENS_OF_A_CALL)):
        try:
            for one in client.reach([code for _, code in part]):
                counts[_word(one)] += 1
                screen.line(f"{one.fiscal_code},{_word(one)}")
                if screen.as_json:
                    found.append({"fiscal_code": one.fiscal_code, "status": _word(one)})
        except Refused as error:
            if not _show_wrong(error, part, screen):
                raise
            return REFUSED
    reachable = counts["REACHABLE"]
    screen.aside(
        "reach_counts",
        codes=counts.total(),
        reachable=reachable,
        others=counts.total() - reachable,
    )
    screen.facts.update(counts=dict(counts), recipients=found)
    return DONE


def keys(client: Recapito, access: Access, screen: Screen) -> int:
    """Show where the key comes from, and its limits."""
    limits = client.limits()
    screen.facts.update(
        source=access.source,
        url=client.base_url,
        profiles=list(access.profiles),
        limits=as_facts(limits),
    )
    screen.say("key_url", url=client.base_url)
    screen.say("key_source", source=access.source)
    if access.profiles:
        screen.say("key_profiles", profiles=", ".join(access.profiles))
    calls = limits.calls
    if calls.limit is None:
        screen.say("calls_any")
    else:
        screen.say("calls", remaining=calls.remaining, limit=calls.limit, seconds=calls.seconds)
    if limits.trial is not None:
        screen.say("trial", remaining=limits.trial.remaining, limit=limits.trial.limit)
    screen.table(("name", "limit", "unit"), ((o.name, o.limit, o.unit) for o in limits.others))
    return DONE


def _codes(name: str) -> Iterator[tuple[int, str]]:
    """Yield each code with its line; blank lines and comments are left out."""
    try:
        text = sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise UsageError("bad_codes", path=name) from None
    for number, line in enumerate(text.splitlines(), 1):
        code = line.partition("#")[0].strip().upper()
        if code:
            yield number, code


def _word(recipient: Recipient) -> str:
    if recipient.status == _ALLOWED:
        return "REACHABLE" if recipient.is_reachable else "NOT_REACHABLE"
    return "NOT_ALLOWED" if recipient.status == _FORBIDDEN else "NOT_FOUND"


def _show_wrong(error: Refused, part: list[tuple[int, str]], screen: Screen) -> bool:
    """Name the lines of wrong codes; return False where the refusal is about no code."""
    places = [
        (part[int(index)][0], one.detail)
        for one in error.errors
        if (index := one.pointer.rpartition("/fiscal_codes/")[2]).isdigit()
        and int(index) < len(part)
    ]
    if not places:
        return False
    screen.facts["wrong"] = [{"line": line, "detail": detail} for line, detail in places]
    screen.complain(screen.text("wrong_codes"))
    for line, detail in places:
        screen.complain(screen.text("wrong_code", line=line, detail=detail))
    return True
