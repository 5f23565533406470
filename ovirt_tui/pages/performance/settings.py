"""What can be decided about the performance of a node, and about the encryption that costs some of it."""

from __future__ import annotations

from enum import Enum

from ovirt_tui.i18n import N_
from ovirt_tui.model.config import Section, setting
from ovirt_tui.model.records import dataclass
from ovirt_tui.model.values import PageCount, ProfileName


class Cipher(Enum):
    """Ciphers of dm-crypt.  The last two are for old lines, and for those who trust AES less."""

    XTS = "aes-xts-plain64"
    CBC = "aes-cbc-essiv:sha256"
    SERPENT = "serpent-cbc-essiv:sha256"


def encrypts_swap(performance: Performance) -> bool:
    return performance.encrypt_swap


@dataclass(frozen=True, kw_only=True)
class Performance(Section, prefix="performance"):
    profile: ProfileName | None = setting(
        None, N_("Tuned profile"), N_("virtual-host is made for running guests; none leaves all as it is.")
    )
    pages_2m: PageCount | None = setting(
        None, N_("Pages of 2 MiB"), N_("Memory for guests with huge pages. Empty: none.")
    )
    pages_1g: PageCount | None = setting(None, N_("Pages of 1 GiB"), N_("Of the same memory. Empty: none."))
    encrypt_swap: bool = setting(False, N_("Encrypt swap"), N_("With a key that nobody knows, new at each boot."))
    swap_cipher: Cipher = setting(Cipher.XTS, N_("Cipher"), when=encrypts_swap)
    no_aes_ni: bool = setting(False, N_("No AES-NI"), N_("Services do without the processor's AES instructions."))
