"""The check of a file's content: it is of the form that the file's name says."""

from collections.abc import Callable, Mapping
from typing import IO, Final

from lib.domain.attachments.forms.asic import check_asic_e, check_asic_s
from lib.domain.attachments.forms.cms import check_cms
from lib.domain.attachments.forms.fault import FormError
from lib.domain.attachments.forms.media_types import ending_of
from lib.domain.attachments.forms.pdf import check_pdf
from lib.domain.attachments.forms.png import check_png

_CHECKS: Final[Mapping[str, Callable[[IO[bytes]], None]]] = {
    "pdf": check_pdf,
    "png": check_png,
    "p7m": check_cms,
    "asice": check_asic_e,
    "sce": check_asic_e,
    "asics": check_asic_s,
    "scs": check_asic_s,
}


def check_form(name: str, file: IO[bytes]) -> None:
    """Refuse a file whose content is not of the form that its name says.

    `file`: open at any place, and seekable. Raise FormError. Cost: constant memory; call it in a
    thread.
    """
    file.seek(0)
    try:
        _CHECKS[ending_of(name)](file)
    except FormError:
        raise
    except Exception:  # noqa: BLE001 - a broken file raises errors of many kinds
        raise FormError("the file is broken") from None
