"""Holds what the tools rely on: locks, tasks, and what is published and committed."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
RUNTIME = "requirements.txt"
LOCAL = "infra/local/requirements.txt"
DEV = "requirements-dev.txt"
CHECKS = "infra/azure/requirements.txt"
NODE = "infra/local/node/requirements.txt"
LOCKS = (RUNTIME, LOCAL, DEV, CHECKS, NODE)

# Written in pieces, so that this file does not find itself.
PRIVATE_PLACES = re.compile(
    "|".join(
        (
            r"(?<![\w.:/-])/(?:wor" + "k|roo" + "t|hom" + r"e/[a-z]+|Users/[a-zA-Z]+)/",
            r"files\.python" + "hosted",
            "py" + r"pi\.org",
            r"registry\.npm" + "js",
        )
    )
)


def patterns(name: str) -> list[str]:
    """Read an ignore file's patterns."""
    lines = (line.strip() for line in (ROOT / name).read_text().splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def ignores(rules: list[str], path: str) -> bool:
    """Say whether ignore rules leave a path out, by a name in it or by its start."""
    parts = path.split("/")
    ignored = False
    for rule in rules:
        wanted = rule.removeprefix("!").strip("/")
        names = ["/".join(parts[: depth + 1]) for depth in range(len(parts))]
        candidates = names if "/" in rule.removeprefix("!").rstrip("/") else parts
        if any(fnmatch(candidate, wanted) for candidate in candidates):
            ignored = not rule.startswith("!")
    return ignored


def tracked_files() -> list[Path]:
    """List what is or would be committed: by git, or by .gitignore where this is no repository."""
    git = ["git", "-C", str(ROOT)]
    top = subprocess.run([*git, "rev-parse", "--show-toplevel"], capture_output=True, check=False)
    if top.returncode == 0 and Path(top.stdout.decode().strip()) == ROOT:
        options = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        listed = subprocess.run([*git, *options], capture_output=True, check=True)
        names = listed.stdout.decode().split("\0")
        return [ROOT / name for name in names if name and (ROOT / name).is_file()]
    return list(walk(ROOT, [*patterns(".gitignore"), ".git"]))


def walk(folder: Path, rules: list[str]) -> Iterator[Path]:
    """Walk the files that rules do not leave out."""
    for entry in sorted(folder.iterdir()):
        if ignores(rules, entry.relative_to(ROOT).as_posix()):
            continue
        if entry.is_dir():
            yield from walk(entry, rules)
        else:
            yield entry


def entries(lock: str) -> dict[str, tuple[str, frozenset[str]]]:
    """Read a lock: name to requirement and hashes."""
    text = (ROOT / lock).read_text().replace("\\\n", " ")
    found = {}
    for line in text.splitlines():
        if line and not line.startswith("#"):
            requirement, *hashes = re.split(r"\s+--hash=", line.strip())
            found[requirement.partition("==")[0]] = (requirement, frozenset(hashes))
    return found


def makefile_targets() -> set[str]:
    """Read the targets meant for people: the others begin with an underscore."""
    lines = (ROOT / "Makefile").read_text().splitlines()
    return {match[1] for line in lines if (match := re.match(r"([a-zA-Z][\w-]*):(?!=)", line))}


def test_no_file_names_a_registry_or_a_folder_of_one_machine() -> None:
    """No file has a package registry's host or a path of one machine."""
    found = []
    for path in tracked_files():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found += [
            f"{path.relative_to(ROOT)}:{number}: {line.strip()[:120]}"
            for number, line in enumerate(text.splitlines(), 1)
            if PRIVATE_PLACES.search(line)
        ]

    assert found == []


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_package_is_pinned_and_hashed(lock: str) -> None:
    """Each line of a lock is one exact version with its hashes, and nothing points elsewhere."""
    locked = entries(lock)

    assert locked
    assert [
        requirement
        for requirement, hashes in locked.values()
        if not re.match(r"[a-z0-9-]+==\S+( ; .+)?$", requirement)
        or not hashes
        or not all(re.fullmatch("sha256:[0-9a-f]{64}", digest) for digest in hashes)
    ] == []


def pins(lock: str) -> dict[str, tuple[str, frozenset[str]]]:
    """Return the versions and hashes of a lock, without the conditions."""
    return {
        name: (requirement.partition(" ; ")[0], hashes)
        for name, (requirement, hashes) in entries(lock).items()
    }


@pytest.mark.parametrize(("smaller", "larger"), [(RUNTIME, LOCAL), (LOCAL, DEV)])
def test_a_lock_holds_the_smaller_one(smaller: str, larger: str) -> None:
    """The deployed pins are among those of development, and those among the tested.

    The larger set may need a package on more systems, so the conditions may differ.
    """
    assert pins(smaller).items() <= pins(larger).items()


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_answers_its_input(lock: str) -> None:
    """Each dependency is in its lock, which `make lock` writes."""
    lines = (ROOT / lock).with_suffix(".in").read_text().splitlines()
    named = {match[0] for line in lines if (match := re.match(r"[A-Za-z][\w.-]*", line))}

    assert {name.lower() for name in named} <= entries(lock).keys()


def test_no_script_of_the_pages_calls_npm() -> None:
    """The npm of Node from PyPI is no command: `web/build.sh` starts it by its file."""
    scripts = json.loads((ROOT / "web/package.json").read_text())["scripts"]

    assert not [name for name, line in scripts.items() if re.search(r"\bnp[mx]\b", line)]


@pytest.mark.parametrize(("ci", "status"), [("", 0), ("true", 1)])
def test_a_check_of_the_pages_that_cannot_run_is_told_and_fails_in_ci(
    tmp_path: Path, ci: str, status: int
) -> None:
    """Without Node `make lint` says in one line that the pages are unchecked; CI stops there."""
    for name in ("bin/node", "infra/local/bootstrap.sh"):
        path = tmp_path / name
        path.parent.mkdir(parents=True)
        path.write_text("#!/bin/sh\nexit 1\n")
        path.chmod(0o755)
    (tmp_path / "web").mkdir()
    shutil.copy(ROOT / "web" / "build.sh", tmp_path / "web")

    done = subprocess.run(
        ["sh", str(tmp_path / "web" / "build.sh"), "check"],
        capture_output=True,
        check=False,
        text=True,
        env={"PATH": f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}", "CI": ci},
    )

    assert done.returncode == status
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert line.endswith("the web pages are NOT checked")


@pytest.mark.parametrize("had", [True, False])
def test_a_build_that_fails_leaves_the_pages_of_the_last(tmp_path: Path, had: bool) -> None:
    """They are served, and are not taken for those of the sources."""
    for name, status in (("node", 0), ("npm", 1)):
        path = tmp_path / "bin" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"#!/bin/sh\nexit {status}\n")
        path.chmod(0o755)
    web = tmp_path / "web"
    (web / "node_modules").mkdir(parents=True)
    shutil.copy(ROOT / "web" / "build.sh", web)
    for name in ("package-lock.json", "node_modules/.installed"):
        (web / name).write_text("{}")
    page = web / "dist" / "inbox" / "index.html"
    if had:
        page.parent.mkdir(parents=True)
        page.write_text("<h1>Messaggi</h1>")
        (web / "dist" / ".built").write_text("1 2")

    done = subprocess.run(
        ["sh", str(web / "build.sh")],
        capture_output=True,
        check=False,
        text=True,
        env={"PATH": f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}"},
    )

    assert done.returncode == 0, done.stderr
    assert page.exists() == had
    assert not (web / "dist" / ".built").exists()
    assert ("of the last build are served" in done.stderr) == had, done.stderr


def test_help_lists_every_task() -> None:
    """`make` alone shows all there is."""
    shown = subprocess.run(
        ["make", "--silent", "--no-print-directory", "-C", str(ROOT), "help"],
        capture_output=True,
        check=True,
        text=True,
    ).stdout

    assert makefile_targets() == set(re.findall(r"^  make (\S+) +\S", shown, re.MULTILINE))
    assert {"run", "test", "lint", "infra", "types", "bench", "help"} <= makefile_targets()


def test_ci_runs_make_and_nothing_else() -> None:
    """CI can do nothing that a newcomer cannot."""
    script = (ROOT / ".ci/run").read_text().replace("\\\n", " ")
    commands = [line for line in script.splitlines() if line and not line.startswith("#")]
    runs = [line.split() for line in commands if line.startswith("make ")]
    tasks = [[word for word in run if word in makefile_targets()] for run in runs]

    assert tasks == [["lint", "types"], ["test"]]
    assert all(run[-3:] == ["</dev/null", "||", "status=$?"] for run in runs)
    assert commands[-1] == 'exit "$status"'
    others = {line.split()[0] for line in commands if not line.startswith("make ")}
    assert others == {"set", "cd", "export", "unset", "status=0", "exit"}


def test_the_workflow_runs_what_a_contributor_runs() -> None:
    """The workflow sets up the two languages and calls .ci/run; each action is one commit."""
    folder = ROOT / ".github" / "workflows"
    steps = {
        path.name: re.findall(r"^ +- (?:run|uses): (.+)$", path.read_text(), re.MULTILINE)
        for path in folder.glob("*.yml")
    }
    actions = [step for found in steps.values() for step in found if "@" in step]

    assert [step for step in steps["ci.yml"] if step not in actions] == [".ci/run"]
    assert ".ci/run" in steps["locks.yml"]
    assert [step for step in actions if not re.fullmatch(r"\S+@[0-9a-f]{40} # v[\d.]+", step)] == []


def test_pre_commit_has_no_rules_of_its_own() -> None:
    """Each hook is a task of the Makefile or a module of the project."""
    text = (ROOT / ".pre-commit-config.yaml").read_text()
    entries_ = re.findall(r"^ +entry: (.+)$", text, re.MULTILINE)
    tasks = {
        task
        for entry in entries_
        if entry.startswith("make ")
        for task in entry.split()[1:]
        if not task.startswith("-")
    }
    modules = [entry.partition(" -m ")[2] for entry in entries_ if not entry.startswith("make ")]

    assert re.findall(r"^  - repo: (.+)$", text, re.MULTILINE) == ["local"]
    assert tasks <= makefile_targets()
    assert modules
    assert all((ROOT / module.replace(".", "/")).with_suffix(".py").exists() for module in modules)


@pytest.mark.parametrize(
    "path",
    [
        "tests/structure/test_tooling.py",
        "infra/local/bootstrap.sh",
        ".venv/bin/python",
        ".venv-checks/bin/python",
        ".venv-node/bin/python",
        "azure.yaml",
        "publiccode.yml",
        "CONTRIBUTING.md",
        "SECURITY.md",
        "CODE_OF_CONDUCT.md",
        ".github/workflows/ci.yml",
        ".devcontainer/devcontainer.json",
        ".pre-commit-config.yaml",
        "infra/azure/main.bicep",
        "clients/python/src/recapito/client.py",
        ".git/config",
        ".data/store.db",
        "local.settings.json",
        "requirements-dev.txt",
        "web/src/inbox/App.svelte",
        "web/node_modules/svelte/package.json",
    ],
)
def test_files_for_developers_are_not_published(path: str) -> None:
    """Tests, tools, local secrets and data stay out of the deployed package."""
    assert ignores(patterns(".funcignore"), path)


@pytest.mark.parametrize(
    "path",
    [
        "function_app.py",
        "host.json",
        "requirements.txt",
        "functions/__init__.py",
        "functions/http/__init__.py",
        "lib/__init__.py",
        "lib/adapters/embedded/__init__.py",
        "web/dist/inbox/index.html",
        ".python_packages/lib/site-packages/azure/functions/__init__.py",
    ],
)
def test_the_app_is_published(path: str) -> None:
    """All that runs in Azure is in the deployed package."""
    assert not ignores(patterns(".funcignore"), path)


@pytest.mark.parametrize(
    "path", ["lib/__init__.py", "lib/ports/queue.py", "infra/local/bootstrap.sh"]
)
def test_our_code_is_committed(path: str) -> None:
    """Our lib/ is code: stock Python ignore files drop it in silence."""
    assert not ignores(patterns(".gitignore"), path)
