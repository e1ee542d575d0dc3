"""The logo of a service: a real PNG image, which everybody can download."""

import base64
from io import BytesIO

import pytest
from PIL import Image

from infra.local.sandbox.seed import SERVICE_ID
from lib.use_cases.shared.png import MAX_BYTES, MAX_SIDE
from tests.builders.managed_services import PNG, Manager
from tests.stack import Reply, Stack, refusal

FILE = {"file": f"{SERVICE_ID}.png"}


def encoded(content: bytes) -> str:
    """Return base64."""
    return base64.b64encode(content).decode()


def image(kind: str = "PNG", size: tuple[int, int] = (8, 8)) -> bytes:
    """Return an image of a kind."""
    file = BytesIO()
    Image.new("RGB", size).save(file, kind)
    return file.getvalue()


async def put(stack: Stack, logo: str) -> Reply:
    """Set the logo of the sandbox's service."""
    return await Manager(stack).call("set_service_logo", SERVICE_ID, {"logo": logo})


async def download(stack: Stack, **headers: str) -> Reply:
    """Download the logo without a key."""
    return await stack.call("download_service_logo", path=FILE, key=None, headers=headers)


async def test_everybody_downloads_the_logo_that_was_set(stack: Stack) -> None:
    """From the address in Location, in the bytes that were sent, and to be kept for an hour."""
    content = image()
    reply = await put(stack, encoded(content))

    assert (reply.status, reply.body) == (204, None)
    assert reply.headers["Location"] == f"/api/v1/logos/services/{SERVICE_ID}.png"
    shown = await download(stack)
    assert (shown.status, shown.body) == (200, content)
    assert shown.headers["content-type"] == "image/png"
    assert shown.headers["Cache-Control"] == "public, max-age=3600"
    known = await download(stack, **{"if-none-match": f'"x", W/{shown.headers["ETag"]}'})
    assert (known.status, known.body) == (304, None)
    assert known.headers["ETag"] == shown.headers["ETag"]


async def test_a_new_logo_takes_the_place_of_the_former(stack: Stack) -> None:
    """Its tag is another one."""
    await put(stack, PNG)
    before = (await download(stack)).headers["ETag"]
    await put(stack, encoded(image()))

    after = await download(stack, **{"if-none-match": before})
    assert after.status == 200
    assert after.headers["ETag"] != before


@pytest.mark.parametrize(
    "logo",
    [
        PNG.rstrip("="),
        PNG.replace("+", "-").replace("/", "_"),
        "\n".join(PNG[at : at + 40] for at in range(0, len(PNG), 40)),
    ],
)
async def test_base64_is_read_in_the_forms_that_io_reads(stack: Stack, logo: str) -> None:
    """Without padding, in the alphabet of URLs, in lines."""
    assert (await put(stack, logo)).status == 204
    assert (await download(stack)).body == base64.b64decode(PNG)


@pytest.mark.parametrize(
    ("logo", "reason"),
    [
        ("no base64!", "base64"),
        (encoded(b"no image"), "no PNG"),
        (encoded(image("JPEG")), "no PNG"),
        (encoded(image("GIF")), "no PNG"),
        (encoded(image()[:-20]), "no PNG"),
        (encoded(image()[:40] + bytes(20) + image()[60:]), "no PNG"),
        (encoded(image(size=(MAX_SIDE + 1, 1))), "pixels"),
        (encoded(image() + bytes(MAX_BYTES)), "bytes"),
    ],
)
async def test_what_is_no_image_is_refused_and_changes_nothing(
    stack: Stack, logo: str, reason: str
) -> None:
    """In IO's words, with the reason."""
    await put(stack, PNG)
    reply = await put(stack, logo)

    status, title, detail = refusal(reply)
    assert (status, title) == (400, "Image not valid")
    assert detail.startswith("Fail decoding provided image, the reason is: ")
    assert reason in detail
    assert reply.body["errors"][0]["pointer"] == "/logo"
    assert (await download(stack)).body == base64.b64decode(PNG)


async def test_a_body_that_is_too_large_is_refused(stack: Stack) -> None:
    """Before it is decoded."""
    reply = await put(stack, "A" * 600_000)

    assert refusal(reply)[:2] == (413, "Payload too large")


async def test_a_logo_that_was_never_set_is_not_found(stack: Stack) -> None:
    """A file that is no logo's name is refused."""
    assert refusal(await download(stack))[:2] == (404, "Logo not found")
    wrong = await stack.call("download_service_logo", path={"file": "../x"}, key=None)
    assert wrong.status == 400
