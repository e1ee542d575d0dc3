"""The deployed package has the whole app for Azure's platform, and starts."""

import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from infra.azure.package import (
    APP,
    PYTHON,
    SITE,
    WEB,
    PackageError,
    build,
    install,
    size_of,
    write_zip,
)
from infra.local.host.preload import LATE, LATE_OF_STACK
from tests.bicep import only
from tests.deployed import AZURE_SETTINGS
from tests.structure.test_tooling import ignores, patterns, tracked_files

ROOT = Path(__file__).parents[2]
COUNT = """
import sys
sys.path[:0] = sys.argv[1:]
import azure.functions, function_app
assert azure.functions.__file__.startswith(sys.argv[2]), azure.functions.__file__
print(len(function_app.app.get_functions()))
"""
USE = """
import asyncio, base64, dataclasses, datetime, importlib, json, sys
late, folder = json.loads(sys.argv[1]), sys.argv[2]
sys.path[:0] = sys.argv[2:]
modules = [importlib.import_module(name) for name in late]
assert all(one.__file__ for one in modules)
from lib.domain.documents.documents import PaymentNotice
from lib.domain.reminders.working_days import is_working_day
from lib.domain.shared.deadline import deadline_at
from lib.rendering.documents.notice_pdf import notice_pdf
from lib.rendering.documents.payment_qr import qr_png
from lib.rendering.logo import prepared_logo
from lib.rendering.templates import load_templates
from lib.use_cases.shared.png import png_of
due = datetime.datetime(2027, 6, 30, 21, 59, 59, tzinfo=datetime.UTC)
notice = PaymentNotice(
    organization="Comune di Esempio",
    subject="Tassa sui rifiuti",
    payee_fiscal_code="01234567890",
    notice_number="301000000000000017",
    amount=8450,
    deadline=deadline_at(due),
    invalid_after_deadline=False,
)
logo = prepared_logo(qr_png(notice))
assert logo is not None
drawn = notice_pdf(dataclasses.replace(notice, logo=logo))
assert drawn.startswith(b"%PDF")
assert len(drawn) > len(notice_pdf(notice))
asyncio.run(png_of(base64.b64encode(qr_png(notice)).decode()))
assert not is_working_day(datetime.date(2026, 12, 8))
load_templates()
assert all(
    one.__file__.startswith((folder, sys.base_prefix))
    for one in list(sys.modules.values())
    if getattr(one, "__file__", None)
)
"""
"""Uses what most cold starts do not load: documents, logos, holidays, templates, the SDKs."""
EXPORTERS = (
    "azure.identity",
    "azure.monitor.opentelemetry.exporter",
    "opentelemetry.exporter.otlp.proto.http.trace_exporter",
)
MOST_BYTES = 80_000_000


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Build the package once; return the unpacked folder and the zip."""
    folder = tmp_path_factory.mktemp("package")
    try:
        file, _ = build(folder)
    except PackageError as error:
        if re.search(r"dns error|connect|timed out|network", str(error), re.IGNORECASE):
            pytest.skip("no registry of packages can be reached from here")
        raise
    unpacked = folder / "unpacked"
    with zipfile.ZipFile(file) as content:
        content.extractall(unpacked)
    return unpacked, file


def _run(unpacked: Path, program: str, *words: str) -> str:
    """Run a program with the package's files alone, and return what it prints."""
    done = subprocess.run(
        [sys.executable, "-S", "-B", "-c", program, *words, str(unpacked), str(unpacked / SITE)],
        env={"PATH": os.environ["PATH"], **AZURE_SETTINGS},
        cwd=unpacked,
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_app_starts_from_the_package_alone(built: tuple[Path, Path]) -> None:
    """The app starts with the zip's files on its Python, without this machine's packages."""
    if sys.version_info[:2] != PYTHON:
        pytest.skip("the package is for Python 3.13, and this is another")
    unpacked, _ = built
    assert int(_run(unpacked, COUNT)) > 50


def test_what_is_loaded_late_is_in_the_package(built: tuple[Path, Path]) -> None:
    """The package leaves out no file that a later call needs."""
    if sys.version_info[:2] != PYTHON:
        pytest.skip("the package is for Python 3.13, and this is another")
    unpacked, _ = built
    _run(unpacked, USE, json.dumps([*LATE, *LATE_OF_STACK["azure"], *EXPORTERS]))


def test_the_package_is_small(built: tuple[Path, Path]) -> None:
    """An instance downloads and mounts the package before it starts."""
    if sys.version_info[:2] != PYTHON:
        pytest.skip("the package is for Python 3.13, and this is another")
    unpacked, _ = built

    assert size_of(unpacked) < MOST_BYTES


def test_the_package_is_for_azure(built: tuple[Path, Path]) -> None:
    """Each compiled module is of Linux on x86-64 and of the deployed Python."""
    _, file = built
    names = zipfile.ZipFile(file).namelist()
    compiled = [Path(name).name for name in names if ".so" in Path(name).suffixes]

    assert (
        f"{PYTHON[0]}.{PYTHON[1]}"
        == only("Microsoft.Web/sites")["properties"]["functionAppConfig"]["runtime"]["version"]
    )
    assert compiled
    for name in compiled:
        version = re.search(r"\.cpython-(\d+)-([\w-]+)\.so$", name)
        assert version is None or version.groups() == ("313", "x86_64-linux-gnu"), name
    assert not [name for name in names if name.startswith(f"{SITE}/bin/")]


def test_the_package_is_what_funcignore_leaves(built: tuple[Path, Path]) -> None:
    """The zip and `func azure functionapp publish` deploy the same app."""
    unpacked, _ = built
    left = {
        path.relative_to(ROOT).as_posix()
        for path in (*tracked_files(), *(one for one in (ROOT / WEB).rglob("*") if one.is_file()))
        if not ignores(patterns(".funcignore"), path.relative_to(ROOT).as_posix())
    }
    packed = {
        path.relative_to(unpacked).as_posix()
        for path in unpacked.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and path.suffix != ".pyc"
    }

    assert {name for name in packed if not name.startswith(SITE.parts[0])} == left
    assert {name.partition("/")[0] for name in left} == {*APP, "web"}


def test_a_cold_start_compiles_nothing(built: tuple[Path, Path]) -> None:
    """The package has each module compiled, valid whatever the file's time is."""
    if sys.version_info[:2] != PYTHON:
        pytest.skip("the package is for Python 3.13, and this is another")
    unpacked, _ = built

    compiled = list((unpacked / SITE).rglob("*.pyc"))
    assert not list((unpacked / SITE).rglob("*.py"))
    for name in ("functions", "lib"):
        compiled += [
            source.parent / "__pycache__" / f"{source.stem}.cpython-313.pyc"
            for source in (unpacked / name).rglob("*.py")
        ]
    for file in compiled:
        # flags of PEP 552: by hash, unchecked
        assert file.read_bytes()[4:8] == b"\x01\0\0\0", file


def test_a_dependency_without_its_hash_is_refused(tmp_path: Path) -> None:
    """A dependency that the lock does not have is not deployed."""
    (tmp_path / "requirements.txt").write_text("orjson==3.13.0\n")

    with pytest.raises(PackageError, match="hash"):
        install(tmp_path / "site", tmp_path)


def test_the_same_files_make_the_same_package(tmp_path: Path) -> None:
    """Names are in order with one time, so that a digest identifies a commit's package."""
    folder = tmp_path / "package"
    folder.mkdir()
    digests = set()
    for name in ("b", "a"):
        (folder / name).write_text(name)
    for at in (0, 1_000_000_000):
        os.utime(folder / "a", (at, at))
        digests.add(write_zip(folder, tmp_path / f"{at}.zip"))

    assert len(digests) == 1
