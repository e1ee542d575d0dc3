"""The deployed package has the whole app for Azure's platform, and starts."""

import os
import re
import secrets
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from infra.azure.package import APP, PYTHON, SITE, PackageError, build, install, write_zip
from tests.bicep import only
from tests.structure.test_tooling import ignores, patterns, tracked_files

ROOT = Path(__file__).parents[2]
SETTINGS = {
    **{name: secrets.token_urlsafe(32) for name in ("KEY_HASH_SECRET", "PSEUDONYM_SECRET")},
    "STACK": "azure",
    "COSMOS_ENDPOINT": "https://recapito.example:443/",
    "AzureWebJobsStorage__queueServiceUri": "https://recapito.queue.example",
    "AzureWebJobsStorage__blobServiceUri": "https://recapito.blob.example",
    "CITIZEN_TOKEN_ISSUER": "https://issuer.example",
    "CITIZEN_TOKEN_AUDIENCE": "recapito",
    "CITIZEN_TOKEN_JWKS": "https://issuer.example/jwks",
}
COUNT = """
import sys
sys.path[:0] = sys.argv[1:]
import azure.functions, function_app
assert azure.functions.__file__.startswith(sys.argv[2]), azure.functions.__file__
print(len(function_app.app.get_functions()))
"""


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


def test_the_app_starts_from_the_package_alone(built: tuple[Path, Path]) -> None:
    """The app starts with the zip's files on its Python, without this machine's packages."""
    if sys.version_info[:2] != PYTHON:
        pytest.skip("the package is for Python 3.13, and this is another")
    unpacked, _ = built
    done = subprocess.run(
        [sys.executable, "-S", "-B", "-c", COUNT, str(unpacked), str(unpacked / SITE)],
        env={"PATH": os.environ["PATH"], **SETTINGS},
        cwd=unpacked,
        check=False,
        capture_output=True,
        text=True,
    )

    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 50


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
        for path in tracked_files()
        if not ignores(patterns(".funcignore"), path.relative_to(ROOT).as_posix())
    }
    packed = {
        path.relative_to(unpacked).as_posix()
        for path in unpacked.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and path.suffix != ".pyc"
    }

    assert {name for name in packed if not name.startswith(SITE.parts[0])} == left
    assert {name.partition("/")[0] for name in left} == set(APP)


def test_a_cold_start_compiles_nothing(built: tuple[Path, Path]) -> None:
    """The package has each module compiled, valid whatever the file's time is."""
    if sys.version_info[:2] != PYTHON:
        pytest.skip("the package is for Python 3.13, and this is another")
    unpacked, _ = built

    for source in (unpacked / "lib").rglob("*.py"):
        compiled = source.parent / "__pycache__" / f"{source.stem}.cpython-313.pyc"
        # flags of PEP 552: by hash, unchecked
        assert compiled.read_bytes()[4:8] == b"\x01\0\0\0", source


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
