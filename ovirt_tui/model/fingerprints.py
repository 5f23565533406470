"""Fingerprints of certificates: what is shown, compared by people, and pinned."""

from __future__ import annotations

import re

from ovirt_tui.i18n import N_, _
from ovirt_tui.model.typed import Self
from ovirt_tui.model.values import Text, Unfit

MD5, SHA1, SHA256 = 16, 20, 32
"""Octets of each kind."""
FORGED = N_("this is an MD5 fingerprint, which can be forged: give the SHA-256 one, of 32 octets")


class Fingerprint(Text):
    """SHA-256, or SHA-1, of a certificate in DER: AB:CD:..., also without colons, and after sha256: or sha1:."""

    wanted = N_("a SHA-256 fingerprint: 32 octets such as 4F:C2, with colons between them")
    longest = 7 + 3 * SHA256  # characters
    pattern = r"([0-9A-F]{2}:){31}[0-9A-F]{2}|([0-9A-F]{2}:){19}[0-9A-F]{2}"

    def __new__(cls, text: str) -> Self:
        bare = re.sub(r"^(?i:sha-?(256|1)[:=])", "", text.strip())
        if re.fullmatch(r"[0-9A-Fa-f]{2}(:?[0-9A-Fa-f]{2})*", bare):
            bare = bytes.fromhex(bare.replace(":", "")).hex(":").upper()
        if bare.count(":") + 1 == MD5 and re.fullmatch("[0-9A-F:]+", bare):
            raise Unfit(_(FORGED))
        return super().__new__(cls, bare)

    @property
    def octets(self) -> int:
        """How many: SHA1 or SHA256."""
        return self.count(":") + 1
