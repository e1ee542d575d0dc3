"""Index the single texts of a list in each document, and search documents by them.

A table beside that of the container has a row for each text of each document, in the order in which
queries read them. Triggers write it, so that no write of a document can forget it.
"""

import sqlite3
from typing import Any, Final

from lib.ports.documents import Query

FEW: Final = 2_000
"""The rows up to which the documents of a text are looked up and sorted.

A text that more documents have is found soon in the order of the ids.
"""
_END: Final = "\U0010ffff"


def prepare(connection: sqlite3.Connection, container: str, field: str) -> None:
    """Create the table of the texts and its triggers."""
    name, words = f'"{container}"', name_of(container)
    listed = f"json_each(CAST({{0}}.body AS TEXT), '$.\"{field}\"')"
    insert = (
        f"INSERT OR IGNORE INTO {words} SELECT NEW.pk, value, NEW.id FROM {listed.format('NEW')} "
        "WHERE type = 'text';"
    )
    delete = (
        f"DELETE FROM {words} WHERE pk = OLD.pk AND id = OLD.id "
        f"AND word IN (SELECT value FROM {listed.format('OLD')});"
    )
    connection.execute(
        f"CREATE TABLE IF NOT EXISTS {words} (pk TEXT NOT NULL, word TEXT NOT NULL, "
        "id TEXT NOT NULL, PRIMARY KEY (pk, word, id)) WITHOUT ROWID"
    )
    for event, steps in (("INSERT", insert), ("DELETE", delete), ("UPDATE", delete + insert)):
        connection.execute(
            f'CREATE TRIGGER IF NOT EXISTS "{container}+words:{event}" AFTER {event} ON {name} '
            f"BEGIN {steps} END"
        )


def name_of(container: str) -> str:
    """Return the name of the table of the texts."""
    return f'"_words-of-{container}"'


def to_sizes(container: str, query: Query) -> tuple[str, tuple[Any, ...]]:
    """Return the statement that counts the rows of each text, up to FEW, and its parameters.

    The counts are one row, in the order of `_terms`.
    """
    counts, parameters = [], list[Any]()
    for clause, values in _terms(query):
        rows = f"SELECT 1 FROM {name_of(container)} WHERE pk = ? AND {clause} LIMIT {FEW}"
        counts.append(f"(SELECT COUNT(*) FROM ({rows}))")
        parameters += [query.partition, *values]
    return f"SELECT {', '.join(counts)}", tuple(parameters)


def to_search(
    container: str, field: str, query: Query, after: str | None, sizes: tuple[int, ...], now: int
) -> tuple[str, tuple[Any, ...]]:
    """Return the statement of a query by texts and its parameters. Columns: body, id, id.

    The rarest text leads, if it is rare; otherwise a whole text, whose rows have the order of the
    ids; or, for a prefix alone, the documents themselves. `after`: the id at which the page before
    ended.
    """
    name, words, terms = f'"{container}"', name_of(container), _terms(query)
    rarest = min(range(len(terms)), key=lambda i: (sizes[i], i))
    leading = rarest if sizes[rarest] < FEW else 0 if query.words else None
    direction = "DESC" if query.descending else "ASC"
    source, at = f"{name} AS d", "d"
    parameters: list[Any] = []
    clauses = ["d.pk = ?", "d.expires_at > ?"]
    if leading is not None:
        clause, values = terms[leading]
        # a document may have several texts that begin with the prefix
        source = f"{words} AS m CROSS JOIN {name} AS d ON d.id = m.id"
        if leading == len(query.words):
            # the limit, which it does not reach, keeps the order: so few documents are read
            rows = f"SELECT DISTINCT id FROM {words} WHERE pk = ? AND {clause}"
            rows += f" ORDER BY id {direction} LIMIT {FEW}"
            source = f"({rows}) AS m CROSS JOIN {name} AS d ON d.id = m.id"
            parameters = [query.partition, *values]
        else:
            clauses = ["m.pk = ?", "m.word = ?", *clauses]
            parameters = [query.partition, *values]
        at = "m"
    parameters += [query.partition, now]
    for i, (clause, values) in enumerate(terms):
        if i != leading:
            clauses.append(_exists(words, field, clause, is_whole=i < len(query.words)))
            parameters += values
    for _, op, value in query.where:
        clauses.append(f"{at}.id {op} ?")
        parameters.append(value)
    if after is not None:
        clauses.append(f"{at}.id {'<' if query.descending else '>'} ?")
        parameters.append(after)
    order = "" if leading == len(query.words) else f"ORDER BY {at}.id {direction} "
    sql = f"SELECT d.body, d.id, d.id FROM {source} WHERE {' AND '.join(clauses)} {order}LIMIT ?"
    return sql, (*parameters, query.limit + 1)


def _exists(words: str, field: str, clause: str, *, is_whole: bool) -> str:
    if is_whole:
        rows = f"SELECT 1 FROM {words} AS w WHERE w.pk = d.pk AND w.{clause} AND w.id = d.id"
    else:
        listed = f"SELECT value AS word FROM json_each(CAST(d.body AS TEXT), '$.\"{field}\"')"
        rows = f"SELECT 1 FROM ({listed}) WHERE {clause}"
    return f"EXISTS ({rows})"


def _terms(query: Query) -> list[tuple[str, tuple[str, ...]]]:
    """Return a clause with its parameters for each text, and for the prefix at the end."""
    terms: list[tuple[str, tuple[str, ...]]] = [("word = ?", (word,)) for word in query.words]
    if query.prefix:
        terms.append(("word >= ? AND word < ?", (query.prefix, query.prefix + _END)))
    return terms
