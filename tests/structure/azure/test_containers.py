"""The containers and queues of infra/azure are those that the code declares."""

import ast
import importlib
import re

from infra.azure.declarations import printed
from lib.adapters.azure.cosmos_query import to_sql
from lib.composition.settings import Settings
from lib.domain.batches.batch import LONGEST_LIFE
from lib.domain.personal_data.data_request import KEPT
from lib.ports.documents import Condition, Query
from lib.ports.queue import POISON_SUFFIX
from lib.ports.queueing import names as queues
from lib.ports.schema.containers import CONTAINERS
from lib.ports.schema.messages import STATISTICS
from lib.ports.schema.notifications import SCHEDULE
from lib.repositories.batches.batch_files import CONTAINER
from lib.repositories.batches.file_sets import LOOK
from lib.repositories.personal_data.archives import ARCHIVES
from lib.use_cases.shared.logos import LOGOS
from tests.bicep import (
    AZURE,
    ROOT,
    accessor,
    declarations,
    loops_over,
    module,
    only,
)


def test_declarations_are_checked_in_as_declared() -> None:
    """`make generate` writes the declarations anew when this test fails."""
    assert (AZURE / "declarations.json").read_text() == printed()


def test_containers_are_those_of_the_schema() -> None:
    """Names, partition keys and times to live are the same in both."""
    assert {
        (one["name"], one["partitionKey"], one["defaultTtl"])
        for one in declarations()["containers"]
    } == {
        (one.name, f"/{one.partition_key}", -1 if one.default_ttl is None else one.default_ttl)
        for one in CONTAINERS
    }


def test_a_container_indexes_what_is_declared_and_nothing_else() -> None:
    """The index has the partition key, the declared fields, the swept fields and composites."""
    policies = {one["name"]: one["indexingPolicy"] for one in declarations()["containers"]}

    for container in CONTAINERS:
        policy = policies[container.name]
        assert policy["indexingMode"] == "consistent"
        assert policy["excludedPaths"] == [{"path": "/*"}]
        queried = (container.partition_key, *container.indexed) if container.composite else ()
        if container.read_in_bulk:
            queried = (container.partition_key, *queried)
        looked_at = dict.fromkeys((*queried, *container.swept))
        listed = () if container.worded is None else (f"{container.worded}/[]",)
        paths = [f"/{name.replace('.', '/')}/?" for name in (*looked_at, *listed)]
        assert [one["path"] for one in policy["includedPaths"]] == paths
        assert {order["order"] for index in policy["compositeIndexes"] for order in index} <= {
            "ascending"
        }
        assert [
            tuple(order["path"] for order in index) for index in policy["compositeIndexes"]
        ] == [
            (f"/{container.partition_key}", *(f"/{name}" for name in fields))
            + (() if fields[-1] == "id" else ("/id",))
            for fields in container.composite
        ]


def queried_containers() -> set[str]:
    """Return the containers that the code queries, as named in its calls of `query`."""
    named = {
        call.args[0].id
        for path in (ROOT / "lib").rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text()))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and call.func.attr == "query"
        and call.args
        and isinstance(call.args[0], ast.Name)
    }
    names = {container.name for container in CONTAINERS}
    return names & {name.lower().replace("_", "-") for name in named if name.isupper()}


def test_a_container_that_is_queried_indexes_its_partition_key() -> None:
    """Without the index, a query of one key reads the whole physical partition.

    The composite index holds the key and the id, by which a page is ordered and ends.
    """
    policies = {one["name"]: one["indexingPolicy"] for one in declarations()["containers"]}
    queried = queried_containers()

    assert {"messages", "schedule", "statistics", "dead-letters"} <= queried
    for container in CONTAINERS:
        policy, key = policies[container.name], container.partition_key
        indexes = [[order["path"] for order in index] for index in policy["compositeIndexes"]]
        if container.name in queried:
            assert {"path": f"/{key}/?"} in policy["includedPaths"], container.name
            assert indexes, container.name
            assert all(index[0] == f"/{key}" and index[-1] == "/id" for index in indexes)
        else:
            # an index that serves nothing makes every write dearer
            names = ((key,) if container.read_in_bulk else ()) + container.swept
            swept = [{"path": f"/{name}/?"} for name in names]
            assert policy["includedPaths"] == swept, container.name
            assert not indexes, container.name


def test_a_query_by_id_orders_by_the_composite_index() -> None:
    """Cosmos DB uses an index of key and id for an order of key and id, and for no other."""
    for container in (SCHEDULE, STATISTICS):
        text, _ = to_sql(container, Query("p", limit=1, where=(Condition("id", "<", "x"),)))
        key = container.partition_key
        assert text.endswith(f'ORDER BY c["{key}"] ASC, c["id"] ASC')


def test_cosmos_makes_the_containers_that_are_declared() -> None:
    """The module takes each property from the declarations."""
    given = only("Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers")
    resource = given["properties"]["resource"]

    assert loops_over("cosmos", "containers") == str(accessor("declarations", "containers"))
    assert given["name"] == resource["id"] == accessor("container", "name")
    assert resource["partitionKey"] == {
        "paths": [accessor("container", "partitionKey")],
        "kind": "Hash",
        "version": 2,
    }
    assert resource["defaultTtl"] == accessor("container", "defaultTtl")
    assert resource["indexingPolicy"] == accessor("container", "indexingPolicy")


def test_each_name_with_its_own_throughput_is_a_container() -> None:
    """A renamed container must not fall back to the shared throughput unnoticed."""
    dedicated = module("cosmos")["variables"]["dedicated"]["value"]

    assert set(dedicated) <= {container.name for container in CONTAINERS}
    assert dedicated


def test_queues_are_those_of_the_code_each_with_its_poison_queue() -> None:
    """Every queue of the code exists in Azure."""
    names = {
        value
        for name, value in vars(queues).items()
        if name.isupper() and isinstance(value, str) and name != "POISON_SUFFIX"
    }

    assert set(declarations()["queues"]) == names | {f"{name}{POISON_SUFFIX}" for name in names}
    assert loops_over("storage", "queues") == str(accessor("declarations", "queues"))
    assert only("Microsoft.Storage/storageAccounts/queueServices/queues")["name"] == "queue"


def test_a_rule_deletes_files_of_batches_that_the_app_lost_sight_of() -> None:
    """The rule waits for longer than any batch lives, and its versions go as the host's do."""
    policy = only("Microsoft.Storage/storageAccounts/managementPolicies")["properties"]["policy"]
    rules = {rule["name"]: rule["definition"] for rule in policy["rules"]}
    lost, versions = rules["forget-files-of-batches"], rules["forget-versions"]
    kept = Settings.model_fields["batch_retention_days"].metadata
    longest = max(rule.le for rule in kept if hasattr(rule, "le"))

    assert lost["filters"]["prefixMatch"] == [f"{CONTAINER}/"]
    assert int(versions["actions"]["version"]["delete"]["daysAfterCreationGreaterThan"]) == 14
    assert {f"{one}/" for one in _blob_containers()} <= {*versions["filters"]["prefixMatch"]}
    days = lost["actions"]["baseBlob"]["delete"]["daysAfterCreationGreaterThan"]
    # a look a day, and a day from the last use to the deletion
    assert int(days) > LONGEST_LIFE.days + longest + 2 * LOOK.days


def test_a_rule_deletes_archives_that_the_app_lost_sight_of() -> None:
    """It waits for longer than an archive of personal data lives."""
    policy = only("Microsoft.Storage/storageAccounts/managementPolicies")["properties"]["policy"]
    rules = {rule["name"]: rule["definition"] for rule in policy["rules"]}
    lost = rules["forget-archives"]

    assert lost["filters"]["prefixMatch"] == [f"{ARCHIVES}/"]
    assert (
        int(lost["actions"]["baseBlob"]["delete"]["daysAfterCreationGreaterThan"]) > KEPT.days + 1
    )


def _blob_containers() -> set[str]:
    """Return the containers that the app names in a call of the blobs."""
    call = re.compile(r"_blobs\.(?:put|get|delete|names)\(\s*(\w+),")
    found: set[str] = set()
    for path in sorted((ROOT / "lib").rglob("*.py")):
        if names := set(call.findall(path.read_text())):
            module_ = importlib.import_module(
                ".".join(path.relative_to(ROOT).with_suffix("").parts)
            )
            found |= {getattr(module_, name) for name in names}
    assert {CONTAINER, ARCHIVES, LOGOS} <= found
    return found
