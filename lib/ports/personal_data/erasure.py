"""How the data of one citizen leaves a container, as each container declares it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OwnPartition:
    """The partition key is the citizen's fiscal code: all documents of the partition are deleted.

    `ids`: the ids of the documents, for a container without queries.
    """

    ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ByField:
    """Documents that have the fiscal code in this swept field are found by a sweep.

    `field`: its name; a dot leads into an object. `keeps`: the document stays for its sender, with
    a name that is nobody's in place of the fiscal code. Else it is deleted.
    """

    field: str
    keeps: bool = False


@dataclass(frozen=True, slots=True)
class InLists:
    """The fiscal code is an item of one of these lists, and leaves it.

    `fields`: their names; a dot leads into an object. No index finds the documents, so the whole
    container is searched: it must be small.
    """

    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ByStep:
    """A step of the erasure that is written for this container; `name` is its module's."""

    name: str


@dataclass(frozen=True, slots=True)
class NamesNobody:
    """No document names a citizen; `why` says so in words."""

    why: str


type Erasure = OwnPartition | ByField | InLists | ByStep | NamesNobody
