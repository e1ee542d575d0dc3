"""Check the list of a batch's recipients, and write its good rows in chunks."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from lib import telemetry
from lib.domain.batches.batch import Batch
from lib.domain.batches.column_names import speaks_of_a_payment
from lib.domain.batches.doubts import doubts_about
from lib.domain.batches.errors import BatchNotFoundError
from lib.domain.batches.estimates.estimate import estimate_of
from lib.domain.batches.estimates.rates import observed_rates
from lib.domain.batches.outcome import ABOVE_TRIAL_CAP
from lib.domain.batches.recipients.checks.columns import is_unknown
from lib.domain.batches.recipients.problem import FileProblem, RowProblem
from lib.domain.batches.recipients.reader import FileReport, RecipientsReader, form_of, read_stream
from lib.domain.batches.recipients.recipient_list import CHUNK_ROWS, PART_ROWS, Check, Upload
from lib.domain.batches.recipients.row import Row
from lib.domain.batches.rows.row_message import MAX_TEXT_OF_NOTICE
from lib.domain.batches.rows.row_values import values_of
from lib.domain.batches.status import BatchStatus
from lib.domain.batches.templates.names import canonical
from lib.domain.batches.templates.template import RowFault, TemplateForm
from lib.domain.shared.values import parse_timestamp
from lib.ports.clock import Clock
from lib.ports.queueing.items.batches import BatchUploaded
from lib.rendering.message_templates.compiled import MessageTemplate, compile_template
from lib.repositories.batches.batch_files import BatchFiles
from lib.repositories.batches.batches import Batches
from lib.use_cases.batches.checking.predict_rows import PredictRows

PROBLEMS_OF_PART: Final = 5000
EARLIER_BATCHES: Final = 20


@dataclass(slots=True)
class _Found:
    """The rows and problems that are not stored yet, and what was counted so far."""

    rows: list[Row] = field(default_factory=list)
    problems: list[RowProblem] = field(default_factory=list)
    chunks: int = 0
    parts: int = 0
    good: int = 0
    counted: int = 0
    counts: Counter[str] = field(default_factory=Counter)


class CheckRecipients:
    """Check each row of a list: its fields, its text, and what sending it would do.

    Cost: one get for each 4 MB of the list; one put for each chunk and for each 5,000 problems;
    that of PredictRows for each chunk; one query and one replace, and for a sender on trial one
    read more.
    Concurrency: a repeated run writes the same files again. A list that was replaced meanwhile
    changes nothing in the batch.
    """

    def __init__(
        self, batches: Batches, files: BatchFiles, predict: PredictRows, clock: Clock
    ) -> None:
        self._batches = batches
        self._files = files
        self._predict = predict
        self._clock = clock

    async def __call__(self, item: BatchUploaded) -> None:
        """Check the list that the item names. Raise UnavailableError."""
        try:
            batch = await self._batches.get(item.service_id, item.batch_id)
        except BatchNotFoundError:
            return
        upload = batch.upload
        if batch.status is not BatchStatus.CHECKING or upload is None:
            return
        if upload.number != item.upload:
            return
        check = await self._check(batch, upload)
        now = self._clock.now()
        after = await self._batches.change(
            batch.service_id, batch.id, lambda found: found.checked(upload.number, check, now)
        )
        telemetry.batch_became(after.status, after.id, service_id=after.service_id)

    async def _check(self, batch: Batch, upload: Upload) -> Check:
        template = compile_template(TemplateForm.model_validate(batch.form["template"]))
        form = form_of(upload.media_type)
        if form is None:
            return Check(0, 0, 0, {}, source={"problem": {"code": "FORM"}})
        reader, found = RecipientsReader(form[0], self._clock.now(), form[1]), _Found()
        async for checked in read_stream(self._files.list_of(upload), reader):
            if problem := _missing_column(reader.report, template):
                return Check(0, 0, 0, {}, source=_source(replace(reader.report, problem=problem)))
            found.problems += checked.problems
            self._add(found, checked.rows, template, batch)
            while len(found.rows) >= CHUNK_ROWS:
                await self._store_rows(batch, upload, found)
            while len(found.problems) >= PROBLEMS_OF_PART:
                await self._store_problems(upload, found)
        report = reader.report
        if report.problem is not None:
            return Check(report.rows, 0, 0, {}, source=_source(report))
        while found.rows:
            await self._store_rows(batch, upload, found)
        while found.problems:
            await self._store_problems(upload, found)
        return await self._result(batch, report, found, template)

    async def _result(
        self, batch: Batch, report: FileReport, found: _Found, template: MessageTemplate
    ) -> Check:
        """Return the check of a list that was read to its end."""
        start = self._clock.now()
        if batch.starts_at is not None:
            start = max(start, parse_timestamp(batch.starts_at))
        if above := await self._predict.above_cap(batch, found.counted, start):
            found.counts[ABOVE_TRIAL_CAP] = above
        earlier = await self._batches.page(batch.owner, EARLIER_BATCHES, batch.id)
        rates = list(observed_rates(earlier))
        unused = _unused_payment_columns(report, template)
        return Check(
            report.rows,
            found.good,
            found.chunks,
            found.counts,
            _doubts(batch, report.rows, found.counts, earlier, unused),
            {**_source(report), "unused_payment_columns": unused},
            CHUNK_ROWS,
            PART_ROWS,
            estimate_of(found.good, batch.pace, start, rates) if found.good else None,
        )

    def _add(self, found: _Found, rows: list[Row], template: MessageTemplate, batch: Batch) -> None:
        """Add the rows that can be sent, and the problems of the others."""
        for row in rows:
            problems = list(_problems(row, template, batch))
            if not problems:
                found.rows.append(row)
            found.problems += problems

    async def _store_rows(self, batch: Batch, upload: Upload, found: _Found) -> None:
        rows, found.rows = found.rows[:CHUNK_ROWS], found.rows[CHUNK_ROWS:]
        expected = await self._predict(batch, rows)
        found.counts.update(expected.counts)
        found.counted += expected.counted
        await self._files.store_rows(upload, found.chunks, rows)
        found.chunks += 1
        found.good += len(rows)

    async def _store_problems(self, upload: Upload, found: _Found) -> None:
        part = found.problems[:PROBLEMS_OF_PART]
        found.problems = found.problems[PROBLEMS_OF_PART:]
        await self._files.store_problems(upload, found.parts, part)
        found.parts += 1
        found.counts.update(one.code for one in part)


def _doubts(
    batch: Batch, rows: int, counts: Counter[str], earlier: list[Batch], unused: list[str]
) -> tuple[str, ...]:
    usual = [one.check.rows for one in earlier if one.status is BatchStatus.FINISHED and one.check]
    form = TemplateForm.model_validate(batch.form["template"])
    texts = [text for one in form.texts() for text in (one.text.subject, one.text.markdown)]
    return tuple(doubts_about(rows, usual, counts, texts, unused))


def _problems(row: Row, template: MessageTemplate, batch: Batch) -> Iterator[RowProblem]:
    """Yield the reasons why a row that was read cannot be sent."""
    faults: tuple[RowFault, ...] = ()
    if template.needs_rendering or row.is_notice:
        values = values_of(row, batch.form)
        faults = template.faults(values)
        if row.is_notice and not faults:
            faults = template.too_long_for(MAX_TEXT_OF_NOTICE, values)
    for one in faults:
        yield RowProblem(
            row.line, row.number, one.field, one.code, one.detail, reference=row.reference
        )


def _missing_column(report: FileReport, template: MessageTemplate) -> FileProblem | None:
    """Return the problem of a table without a column that each row of the text needs."""
    if report.form != "CSV" or not report.columns or report.problem is not None:
        return None
    missing = template.missing(canonical(written) for written, _ in report.columns)
    if not missing:
        return None
    names = ", ".join(missing)
    return FileProblem(1, "MISSING_COLUMN", f"has no column for {names}, which the text needs")


def _unused_payment_columns(report: FileReport, template: MessageTemplate) -> list[str]:
    """Return the columns that look like those of a payment, but are no more than unused words."""
    return [
        written
        for written, name in report.columns
        if is_unknown(name) and speaks_of_a_payment(name) and canonical(name) not in template.names
    ]


def _source(report: FileReport) -> dict[str, object]:
    """Return what was detected in the file, as the batch stores it."""
    problem = report.problem
    return {
        "form": report.form,
        "encoding": report.encoding,
        "delimiter": report.delimiter,
        "columns": [list(one) for one in report.columns],
        "blank_lines": report.blank_lines,
        "problem": problem
        and {"line": problem.line, "code": problem.code, "message": problem.message},
    }
