"""The first visit of the inbox is light: a phone on a weak network pays for each kilobyte."""

from tests.host.host_process import ROOT
from tests.web.browser import ON_A_PHONE, Watched
from tests.web.citizens import new_citizen

SCRIPT_BYTES = 60_000
STYLE_BYTES = 40_000
FONT_BYTES = 60_000


@ON_A_PHONE
def test_a_first_visit_of_the_inbox_is_light(window: Watched) -> None:
    """Script and style as they are sent, compressed; the files are those of the build.

    The worker fetches more afterwards, for reading offline, and keeps no reader waiting.
    """
    loaded: dict[str, int] = {}
    window.sign_in(new_citizen(window))
    window.page.goto("/inbox/")
    window.page.get_by_role("heading", level=1, name="Messaggi").wait_for()
    window.page.get_by_text("Non hai ancora messaggi").wait_for()
    names = window.page.evaluate("performance.getEntriesByType('resource').map(one => one.name)")
    for name in names:
        loaded |= size_of(name)

    def total(suffix: str) -> int:
        return sum(size for name, size in loaded.items() if name.endswith(suffix))

    sums = {suffix: total(suffix) for suffix in (".js", ".css", ".woff2")}
    assert 0 < sums[".js"] < SCRIPT_BYTES, sums
    assert 0 < sums[".css"] < STYLE_BYTES, sums
    assert 0 < sums[".woff2"] < FONT_BYTES, sums


def size_of(url: str) -> dict[str, int]:
    """Return the size of a built file, compressed where the build has compressed it."""
    path = ROOT / "web" / "dist" / url.partition("//")[2].partition("/")[2].partition("?")[0]
    small = path.with_name(f"{path.name}.br")
    found = small if small.exists() else path
    return {path.name: found.stat().st_size} if found.is_file() else {}
