"""Domain errors: each has one category, and one row in the table of problems of its area."""

from collections import Counter
from typing import Any

import pytest

from functions.declared import ENDPOINTS
from functions.http import problems
from functions.http.contract.problem_row import STATUSES, Row
from lib.domain.shared import errors as shared
from lib.domain.shared.errors import DomainError


def errors_below(error: type[DomainError]) -> set[type[DomainError]]:
    """Return all errors that derive from the error."""
    children = error.__subclasses__()
    return set(children).union(*(errors_below(child) for child in children))


CATEGORIES = {error for error in vars(shared).values() if isinstance(error, type)} - {DomainError}
ERRORS = errors_below(DomainError) - CATEGORIES
AREA_TABLES = {
    name: module.PROBLEMS for name, module in vars(problems).items() if hasattr(module, "PROBLEMS")
}
EVERY_ROW = [row for table in AREA_TABLES.values() for row in table]


def test_each_domain_error_has_exactly_one_row() -> None:
    """Each row names a domain error, and no two rows name the same error."""
    assert Counter(row.error for row in EVERY_ROW) == Counter(dict.fromkeys(ERRORS, 1))


def test_every_table_is_joined() -> None:
    """A table of an area that is not joined would answer nothing."""
    assert {id(table) for table in AREA_TABLES.values()} == {id(one) for one in problems.TABLES}
    assert len(problems.ROWS) == len(EVERY_ROW)


@pytest.mark.parametrize("area", sorted(AREA_TABLES))
def test_a_table_names_the_errors_of_its_own_area(area: str) -> None:
    """The errors stand in the module `errors` of the area."""
    assert {row.error.__module__ for row in AREA_TABLES[area]} == {f"lib.domain.{area}.errors"}


def test_each_error_derives_from_exactly_one_category() -> None:
    """No error derives from `DomainError` itself, or from another area's error."""
    assert {error.__bases__ for error in ERRORS} == {(category,) for category in CATEGORIES}


def test_each_category_has_its_statuses() -> None:
    """A new category must say which statuses its errors may have."""
    assert set(STATUSES) == CATEGORIES


@pytest.mark.parametrize("row", EVERY_ROW, ids=lambda row: row.error.__name__)
def test_the_answers_of_a_row_have_a_status_of_its_category(row: Row[Any]) -> None:
    """Every sample is an error of the row's own class, and its answer has a title."""
    (category,) = row.error.__bases__

    assert all(type(sample) is row.error for sample in row.samples)
    answers = list(row.sample_answers())
    assert {answer.status for answer in answers} <= STATUSES[category]
    assert all(answer.title for answer in answers)


def test_endpoints_declare_errors_that_have_a_row() -> None:
    """A category is not enough: the OpenAPI document shows the answer of each error."""
    declared = {error for one in ENDPOINTS for error in (*one.refusals, *one.policy.refusals)}

    assert declared <= set(problems.ROWS)
