"""Holds who may look through all partitions of a container."""

import re
from pathlib import Path

ERASING = {"erasure_sweeps.py", "citizens_rows.py"}
"""An erasure is rare, and has to look everywhere."""


def test_only_timers_and_erasures_look_through_all_partitions() -> None:
    """A sweep costs a query of every partition, which no other queue item and no request may."""
    root = Path(__file__).parents[2]
    texts = {
        path: path.read_text()
        for path in [*root.glob("lib/**/*.py"), *root.glob("functions/**/*.py")]
    }
    calling = {path.name for path, text in texts.items() if ".sweep(" in text}
    assert calling == {
        "sweeps.py",
        "message_sweeps.py",
        "secret_sweeps.py",
        "batch_sweeps.py",
        "bin_sweeps.py",
        "retention_sweeps.py",
        "attachment_sweeps.py",
        *ERASING,
        "request_sweeps.py",
    }
    sweeping = re.compile(
        r"repositories\.\w+\.(message_|secret_|batch_|bin_|retention_|attachment_|request_)?sweeps"
        " import"
    )
    using = {path.stem for path, text in texts.items() if sweeping.search(text)}
    timed = {
        *(
            "sweep_messages",
            "list_doubtful_claims",
            "reseal_secrets",
            "empty_bins",
            "expire_messages",
        ),
        *("documents", "sweep_attachments", "personal_data", "attachments"),
        *("certificates", "expire_requests"),
    }
    assert using == {"repositories", "batches", "wake_batches", "expire_batches", "inbox"} | timed
    erasing = re.compile(r"personal_data\.erasing\.(erasure_sweeps|citizens_rows) import")
    folders = {path.parent.name for path, text in texts.items() if erasing.search(text)}
    # the last one wires it
    assert folders == {"erasing", "areas"}
    wiring = re.compile(r"\brepositories\.(message_|secret_)?sweeps\b")
    given = {
        path.relative_to(root).as_posix() for path, text in texts.items() if wiring.search(text)
    }
    assert given == {
        "lib/composition/areas/operations.py",
        "lib/composition/areas/remote_content.py",
    }
    callers = {
        path.relative_to(root).as_posix()
        for path, text in texts.items()
        if re.search(
            r"\.(sweep_messages|list_doubtful_claims\.collect|reseal_secrets|empty_bins|sweep_attachments"
            r"|expire_messages|batches\.wake|batches\.expire|certificates\.expire)[(,]",
            text,
        )
    }
    assert callers == {"functions/timers/operations.py"}
