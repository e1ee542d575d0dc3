"""Build the deployed package: `make package`.

A build in Azure may use another Python than the app (Azure/azure-dev#8538), so this module installs
the dependencies: only wheels, for the platform of Azure Functions, each with its hash of the lock.
"""

import argparse
import hashlib
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from infra.azure.bytecode import add_bytecode, replace_sources

ROOT: Final = Path(__file__).resolve().parents[2]
APP: Final = ("function_app.py", "functions", "host.json", "lib", "requirements.txt")
WEB: Final = "web/dist"
"""The built web pages, see web/build.sh."""
SITE: Final = Path(".python_packages", "lib", "site-packages")
"""The folder of the dependencies azd_folder function_app.py, as the platform expects."""
PLATFORM: Final = "x86_64-manylinux_2_28"
PYTHON: Final = (3, 13)
_LEFT_OUT: Final = ("__pycache__", "*.pyc", ".built")
_NEVER_LOADED: Final = (
    "**/*.proto",
    "**/*.pxd",
    "**/*.pyi",
    "**/*.pyx",
    "certifi/tests",
    "icalendar/tests",
    # looks up the domains of addresses, which the app does not ask for
    "dns",
    # lists of the crates inside compiled modules
    "*.dist-info/sboms",
    # names of holidays in other languages; the app asks for Italy's dates alone
    "holidays/locale/[!i]*",
    "holidays/locale/i[!t]*",
    # Pillow checks logos, which are PNG: formats, fonts and colour profiles that it loads on demand
    "PIL/_avif.*",
    "PIL/_imagingcms.*",
    "PIL/_imagingft.*",
    "PIL/_imagingmath.*",
    "PIL/_imagingmorph.*",
    "PIL/_imagingtk.*",
    "PIL/_webp.*",
    "pillow.libs/libavif-*",
    "pillow.libs/libbrotli*",
    "pillow.libs/libfreetype-*",
    "pillow.libs/libharfbuzz-*",
    "pillow.libs/liblcms2-*",
    "pillow.libs/libpng16-*",
    "pillow.libs/libsharpyuv-*",
    "pillow.libs/libwebp*",
    # no web socket is opened: aiohttp reads them by a module of Python without these
    "aiohttp/_websocket/reader_c.*",
    "multidict/_testcapi.*",
    # cryptography's module is compiled: it needs neither the compiler of its interface nor a parser
    "cffi",
    "pycparser",
    # the documents have two weights of the typeface
    "fontpkg_titillium_web/files/*Italic.ttf",
    "fontpkg_titillium_web/files/*Black.ttf",
    "fontpkg_titillium_web/files/*Light.ttf",
    "fontpkg_titillium_web/files/*SemiBold.ttf",
    # time zones come from tzdata
    "dateutil/zoneinfo/*.tar.gz",
    # charts, page layouts, and fonts: the documents have their own typeface
    "reportlab/fonts",
    "reportlab/graphics",
    "reportlab/platypus",
)
"""The files of dependencies that the app never loads, as patterns below SITE."""
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
"""The date of every entry, so that the same inputs make the same bytes."""


class PackageError(Exception):
    """The package cannot be built. The text gives the reason."""


def install(target: Path, root: Path = ROOT) -> None:
    """Install the locked dependencies.

    Raises: PackageError, for example for a dependency that has no wheel for Azure.
    """
    version = ".".join(map(str, PYTHON))
    command = [sys.executable, "-m", "uv", "--no-config", "--system-certs", "--quiet"]
    command += ["pip", "install", "--target", str(target), "--requirement"]
    command += [str(root / "requirements.txt"), "--require-hashes", "--only-binary", ":all:"]
    command += ["--no-deps", "--python-platform", PLATFORM, "--python-version", version]
    command += ["--link-mode", "copy"]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        raise PackageError(f"the dependencies could not be installed: {done.stderr.strip()}")
    # Shell commands of wheels begin with the path of this machine's interpreter.
    shutil.rmtree(target / "bin", ignore_errors=True)
    (target / ".lock").unlink(missing_ok=True)
    for pattern in _NEVER_LOADED:
        for path in tuple(target.glob(pattern)):
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()


def lay_out(folder: Path, root: Path = ROOT) -> None:
    """Write the app and its dependencies to a new folder, in Azure's layout.

    Raises: PackageError.
    """
    folder.mkdir(parents=True)
    if not (root / WEB / ".built").exists():
        raise PackageError("the web pages are not built from these sources (make web)")
    for name in (*APP, WEB):
        if (root / name).is_dir():
            ignored = shutil.ignore_patterns(*_LEFT_OUT)
            shutil.copytree(root / name, folder / name, ignore=ignored)
        else:
            shutil.copy2(root / name, folder / name)
    install(folder / SITE, root)
    if sys.version_info[:2] != PYTHON:
        return
    # Without bytecode, each cold start compiles all modules. The sources of the dependencies would
    # be a quarter of the package.
    try:
        replace_sources(folder / SITE, folder)
    except (SyntaxError, ValueError) as error:
        raise PackageError(f"a module of a dependency does not compile: {error}") from None
    if not add_bytecode(folder):
        raise PackageError("a module does not compile")


def write_zip(folder: Path, file: Path) -> str:
    """Write the folder as a zip and return its SHA-256."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as target:
        for path in _files(folder):
            entry = zipfile.ZipInfo(path.relative_to(folder).as_posix(), _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o100644 << 16
            target.writestr(entry, path.read_bytes())
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _files(folder: Path) -> Iterator[Path]:
    return iter(sorted(path for path in folder.rglob("*") if path.is_file()))


def size_of(folder: Path) -> int:
    """Return the bytes of all files of an unpacked package."""
    return sum(path.stat().st_size for path in _files(folder))


def build(target: Path, root: Path = ROOT) -> tuple[Path, str]:
    """Build `package` and recapito.zip in the folder; return the zip and its SHA-256.

    Raises: PackageError.
    """
    folder = target / "package"
    shutil.rmtree(folder, ignore_errors=True)
    lay_out(folder, root)
    file = target / "recapito.zip"
    return file, write_zip(folder, file)


def main() -> int:
    """Build the package and azd's folder of dependencies; return the exit status."""
    parser = argparse.ArgumentParser(prog="make package", description=__doc__)
    parser.add_argument("--to", type=Path, default=ROOT / "dist", help="folder of the package")
    target = parser.parse_args().to
    try:
        file, digest = build(target)
    except PackageError as error:
        sys.stderr.write(f"recapito: {error}\n")
        return 1
    if target == ROOT / "dist":
        azd_folder = ROOT / SITE.parts[0]
        shutil.rmtree(azd_folder, ignore_errors=True)
        shutil.copytree(target / "package" / SITE.parts[0], azd_folder)
    packed = file.stat().st_size / 1_000_000
    unpacked = size_of(target / "package") / 1_000_000
    sys.stdout.write(f"{file}: {packed:.1f} MB, {unpacked:.1f} unpacked, SHA-256 {digest}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
