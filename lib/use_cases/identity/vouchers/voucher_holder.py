"""The caller of a voucher."""

from dataclasses import dataclass

from lib.domain.identity.vouchers.client_link import ClientLink
from lib.domain.identity.vouchers.voucher import Voucher
from lib.domain.services.subscription import KeyHolder


@dataclass(frozen=True, slots=True)
class VoucherHolder:
    """The caller of a voucher: its voucher, the link of its client, and the holder as of a key."""

    voucher: Voucher
    link: ClientLink
    holder: KeyHolder
