"""`recapito send`: make a batch of a list and a letter, check it, send it, follow it.

Each step may be interrupted: the batch is kept in a state file beside the list, and the same
command finds the batch and goes on from its status.
"""

import json
import shlex
from argparse import Namespace
from datetime import datetime
from pathlib import Path
from typing import Any

from recapito.cli import state as states
from recapito.cli.exits import DONE, REFUSED, UsageError
from recapito.cli.letters import Letter, read_letter
from recapito.cli.reports import (
    failed_rows,
    named,
    show_batch,
    show_check,
    show_problems,
    write_files,
)
from recapito.cli.screen import Screen, as_facts
from recapito.client import Recapito
from recapito.decoding import encode
from recapito.errors import NotFound
from recapito.models.batches import Batch, BatchStatus

_REPEATED = (
    *("template", "stored", "subject", "name", "charset", "start_at", "rows_per_minute"),
    "needs_approval",
)
"""The options that make the batch: another value makes another batch."""
_OPEN = frozenset({BatchStatus.DRAFT, BatchStatus.CHECKING, BatchStatus.CHECKED})


def send(client: Recapito, options: Namespace, screen: Screen) -> int:
    """Run the command; return its exit code."""
    recipients = None if options.list is None else Path(options.list)
    if options.resume is not None:
        batch = client.batches.read(options.resume)
    elif recipients is None:
        raise UsageError("no_list")
    else:
        batch = _batch_of(client, recipients, options, screen)
    screen.batch = batch.id
    base = recipients or Path(batch.id)
    if batch.status is BatchStatus.DRAFT and recipients is not None:
        batch = _uploaded(client, batch, recipients, options, screen)
    if batch.status is BatchStatus.CHECKING:
        with screen.bar("checking"):
            batch = client.batches.wait_checked(batch.id)
    if batch.status is BatchStatus.CHECKED:
        code = _checked(client, batch, base, options, screen)
        if code is not None:
            return code
        batch = client.batches.send(
            batch.id,
            skip_wrong_rows=options.skip_wrong_rows,
            accept_doubts=options.accept_doubts,
        )
    elif batch.status is BatchStatus.PAUSED and options.confirm:
        batch = client.batches.resume(batch.id)
    return _followed(client, batch, base, options, screen)


def _followed(
    client: Recapito, batch: Batch, base: Path, options: Namespace, screen: Screen
) -> int:
    """Show a bar until the batch ends or waits for a person; write the files of an ended one."""
    if batch.status is BatchStatus.RUNNING:
        total = batch.check.good if batch.check else None
        with screen.bar("sending", total) as bar:
            for now in client.batches.follow(batch.id):
                bar.shows(now)
                batch = now
    elif batch.is_ended:
        # the answer to a change has no progress
        batch = client.batches.read(batch.id)
    show_batch(screen, batch)
    if batch.is_ended and batch.progress is not None:
        with_domiciles = options.digital_domicile
        write_files(screen, client.batches, batch, base, with_domiciles=with_domiciles)
    is_stopped = batch.status is BatchStatus.CANCELLED or batch.withdrawal is not None
    return REFUSED if is_stopped or failed_rows(batch) else DONE


def _checked(
    client: Recapito, batch: Batch, base: Path, options: Namespace, screen: Screen
) -> int | None:
    """Show the check; return the exit code where nothing is sent, else None."""
    check = batch.check
    if check is None:
        return None
    screen.facts["batch"] = as_facts(batch)
    show_check(screen, check)
    show_problems(screen, client.batches, batch, named(base, "problems"))
    readable = check.source is None or check.source.problem is None
    is_wrong = not readable or not check.good or (check.wrong and not options.skip_wrong_rows)
    is_doubted = bool(check.doubts) and not options.accept_doubts
    if options.confirm and not is_wrong and not is_doubted:
        return None
    screen.say("nothing_sent")
    if readable and check.good:
        more = ["--skip-wrong-rows"] if check.wrong else []
        more += ["--accept-doubts"] if check.doubts else []
        more += ["--digital-domicile"] if options.digital_domicile else []
        reason = "to_correct" if is_wrong else "to_accept" if is_doubted else "to_send"
        screen.say(reason)
        screen.line(f"  {_command(batch, options, more)}")
    return REFUSED if is_wrong or (is_doubted and options.confirm) else DONE


def _command(batch: Batch, options: Namespace, more: list[str]) -> str:
    """Return the command that sends the batch."""
    words = ["recapito", "send"]
    if options.list is not None:
        words.append(options.list)
    if options.resume is not None or options.list is None:
        words += ["--resume", batch.id]
    else:
        for name in _REPEATED:
            value = getattr(options, name)
            option = f"--{name.replace('_', '-')}"
            words += [option] if value is True else [option, str(value)] if value else []
    return shlex.join([*words, "--confirm", *more])


def _batch_of(client: Recapito, recipients: Path, options: Namespace, screen: Screen) -> Batch:
    """Return the batch of this list and letter: the one of an earlier command, or a new one."""
    if options.template and options.stored:
        raise UsageError("two_letters")
    letter = None
    if options.template:
        letter = read_letter(Path(options.template), options.subject)
    elif not options.stored:
        raise UsageError("no_letter")
    body = _body(recipients, letter, options)
    digest = states.digest_text(
        json.dumps(encode({**body, "charset": options.charset}), sort_keys=True)
    )
    wanted = states.new_state(client.base_url, recipients, digest)
    known = states.read(recipients)
    if known is not None and options.new:
        states.forget(recipients)
        known = None
    if known is not None and not known.same_as(wanted):
        _refuse_if_sent(client, known)
        states.forget(recipients)
        known = None
    state = known or states.begin(recipients, wanted)
    if state.batch is not None:
        try:
            return client.batches.read(state.batch)
        except NotFound:
            raise UsageError("batch_gone", batch=state.batch) from None
    screen.aside("making")
    batch = client.batches.create(idempotency_key=state.key, **body)
    states.with_batch(recipients, state, batch.id)
    return batch


def _refuse_if_sent(client: Recapito, known: states.State) -> None:
    """Raise UsageError where the batch of another list or letter was sent, even in part."""
    if known.batch is None:
        return
    if known.base_url != client.base_url:
        raise UsageError("sent_before", batch=known.batch, status=known.base_url)
    try:
        batch = client.batches.read(known.batch)
    except NotFound:
        return
    was_sent = batch.status not in _OPEN and batch.started_at is not None
    if was_sent or batch.status in {BatchStatus.TO_APPROVE, BatchStatus.SCHEDULED}:
        raise UsageError("sent_before", batch=batch.id, status=batch.status)


def _body(recipients: Path, letter: Letter | None, options: Namespace) -> dict[str, Any]:
    """Return the arguments of the new batch."""
    body: dict[str, Any] = {
        "name": options.name or recipients.stem,
        "needs_approval": options.needs_approval,
        "rows_per_minute": options.rows_per_minute,
        "start_at": None if options.start_at is None else _time(options.start_at),
    }
    if letter is None:
        return {**body, "template": options.stored}
    return {**body, "text": letter.text, "variants": letter.variants or None}


def _time(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise UsageError("bad_time", value=text) from None
    if at.tzinfo is None:
        raise UsageError("bad_time", value=text)
    return at


def _uploaded(
    client: Recapito, batch: Batch, recipients: Path, options: Namespace, screen: Screen
) -> Batch:
    """Upload the list. Raise UsageError if its file changed during the upload."""
    before = states.digest_of(recipients)
    media_type = f"text/csv; charset={options.charset}" if options.charset else None
    screen.aside("uploading")
    batch = client.batches.upload(batch.id, recipients, media_type)
    if states.digest_of(recipients) != before:
        states.forget(recipients)
        raise UsageError("list_changed")
    return batch
