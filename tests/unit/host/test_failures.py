"""The local host shows an exception's text in the sandbox alone, and masked."""

import logging

import pytest
from pydantic import BaseModel

from infra.local.invocations.failures import Failure, collect_failures, masked_text
from lib import telemetry

CODE = "RSSMRA80A01H501U"


class Model(BaseModel):
    """A model to validate."""

    amount: int


def raised(error: BaseException) -> BaseException:
    """Return the error with the place where it was raised."""
    try:
        raise error  # noqa: TRY301 - what is raised is the point
    except BaseException as same:  # noqa: BLE001 - it is the error itself
        return same


@pytest.mark.parametrize("sandbox", ["true", "false"])
def test_the_text_is_told_in_the_sandbox_alone(
    sandbox: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The text is on one line, with fiscal codes as stars."""
    monkeypatch.setenv("SANDBOX", sandbox)
    failure = Failure.of(raised(KeyError(f"no profile\nof {CODE}")))

    assert CODE not in failure.text
    assert failure.text == ("'no profile\\nof ***'" if sandbox == "true" else "")
    assert failure.type_name == "KeyError"


def test_an_invalid_value_is_told_by_place_and_rule() -> None:
    """The log never has the value."""
    with pytest.raises(ValueError, match="amount") as caught:
        Model.model_validate({"amount": "a secret value"})

    assert masked_text(caught.value) == (
        "amount: Input should be a valid integer, unable to parse string as an integer"
    )


def test_a_long_text_is_cut() -> None:
    """The text may contain a body."""
    assert len(masked_text(ValueError("x" * 10_000))) < 400


@pytest.mark.parametrize("sandbox", ["true", "false"])
def test_a_fault_that_the_app_reports_says_its_text_in_the_sandbox(
    sandbox: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The 500 has a trace id, by which a developer finds this line."""
    monkeypatch.setenv("SANDBOX", sandbox)
    logger = logging.getLogger("recapito")
    monkeypatch.setattr(logger, "filters", [])
    collect_failures()

    trace_id = telemetry.report(raised(ValueError(f"odd: {CODE}")), "submit_message")

    (line,) = caplog.messages
    assert trace_id in line
    assert "test_failures.py" in line
    assert line.endswith(": odd: ***") is (sandbox == "true")
    assert CODE not in line
