"""The pages as answers: which file an address is, and what a browser may keep."""

from pathlib import Path

import azure.functions as func
import pytest

from functions.http.pages.web_files import WebFiles


@pytest.fixture
def files(tmp_path: Path) -> WebFiles:
    """Return a built folder with a page of each app, a script and its compressed copy."""
    root = tmp_path / "dist"
    for name in ("inbox", "console", "docs", "start"):
        (root / name).mkdir(parents=True)
        (root / name / "index.html").write_text(f"<title>{name}</title>")
    (root / "assets").mkdir()
    (root / "assets" / "app-1.js").write_text("let a")
    (root / "assets" / "app-1.js.br").write_bytes(b"small")
    (tmp_path / "secret.json").write_text("{}")
    return WebFiles(root)


def ask(
    files: WebFiles, path: str, *, is_sandbox: bool = True, **headers: str
) -> func.HttpResponse | None:
    """Ask for a path as a browser does."""
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    return files.answer(path, sent, is_sandbox=is_sandbox)


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("/", "start"),
        ("/inbox/", "inbox"),
        ("/inbox/messages/01M8", "inbox"),
        ("/console/sent/01M8", "console"),
        ("/docs/first-message", "docs"),
    ],
)
def test_an_address_below_an_app_is_its_page(files: WebFiles, path: str, title: str) -> None:
    """The script of the page shows the part that the address names."""
    answer = ask(files, path)

    assert answer is not None
    assert answer.get_body() == f"<title>{title}</title>".encode()
    assert answer.headers["Cache-Control"] == "no-cache"


def test_an_installation_begins_with_the_inbox(files: WebFiles) -> None:
    """The start page is the sandbox's alone."""
    answer = ask(files, "/", is_sandbox=False)
    bare = ask(files, "/inbox", is_sandbox=False)

    assert ask(files, "/start/index.html", is_sandbox=False) is None
    assert answer is not None
    assert bare is not None
    assert (answer.status_code, answer.headers["Location"]) == (302, "/inbox/")
    assert (bare.status_code, bare.headers["Location"]) == (301, "/inbox/")


def test_a_compressed_copy_has_a_tag_of_its_own(files: WebFiles) -> None:
    """A browser that keeps one form is not told that the other one has not changed."""
    plain, small = (
        ask(files, "/assets/app-1.js"),
        ask(files, "/assets/app-1.js", accept_encoding="gzip, br"),
    )

    assert plain is not None
    assert small is not None
    assert (plain.get_body(), small.get_body()) == (b"let a", b"small")
    assert "Content-Encoding" not in plain.headers
    assert small.headers["Content-Encoding"] == "br"
    assert plain.headers["ETag"] != small.headers["ETag"]
    assert plain.headers["Vary"] == small.headers["Vary"] == "Accept-Encoding"
    again = ask(files, "/assets/app-1.js", if_none_match=plain.headers["ETag"])
    assert again is not None
    assert (again.status_code, again.get_body()) == (304, b"")


@pytest.mark.parametrize(
    "path",
    [
        "/nowhere",
        "/api/v1/messages",
        "/inbox/missing.js",
        "/inbox/../secret.json",
        "/assets/../../secret.json",
        "/assets/%2e%2e/secret.json",
        "/assets//app-1.js",
        "/assets",
        "/assets/",
        "/assets/app-1.js/",
        "/start/index.html/x",
        "/inbox\\..\\secret.json",
        "/assets/app-1.js\0",
    ],
)
def test_other_paths_are_no_files(files: WebFiles, path: str) -> None:
    """Neither one outside the folder, nor a file that is not there."""
    assert ask(files, path) is None


def test_a_name_that_no_file_can_have_is_no_file(files: WebFiles) -> None:
    """It is longer than the file system allows."""
    assert ask(files, f"/{'a' * 5000}.js") is None


def test_without_a_build_there_are_no_pages(tmp_path: Path) -> None:
    """All paths are then unknown."""
    assert ask(WebFiles(tmp_path / "none"), "/inbox/") is None
