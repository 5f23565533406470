"""The public keys by which a node knows images of its makers, and what a signature turned out to be."""

from __future__ import annotations

import re
from enum import Enum

from ovirt_tui.i18n import N_, _
from ovirt_tui.model.public_keys import ED25519, LONGEST, SshKey
from ovirt_tui.model.records import dataclass
from ovirt_tui.model.values import Unfit

NAMESPACE = "ovirt-node-image"
"""What a key is used for: a signature of mail or of a commit by the same key is none of an image."""

SIGNATURE = "sha256sums.sig"
"""Beside sha256sums in a medium tree; absent where the image is not signed."""

FOLDERS = ("/usr/share/ovirt-node/keys", "/etc/ovirt-node/keys")
"""Those of the image, and those that the node's admin added.  Of two with one name, the first counts."""

SUFFIX = ".pub"
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
"""A signer's name: that of the file without SUFFIX.  It stands in a list that ssh-keygen reads, and on a screen."""


@dataclass(frozen=True)
class Signer:
    """One whose images this node takes."""

    name: str
    key: SshKey

    def allowed(self) -> str:
        """The line of ssh-keygen's list of allowed signers: this key, for images and nothing else."""
        return f'{self.name} namespaces="{NAMESPACE}" {self.key.kind} {self.key.encoded}\n'


def signer(name: str, text: str) -> Signer | None:
    """The signer in a file: one Ed25519 key, as in a .pub file or in a list of allowed signers; else None.

    What else such a list may say (a certificate authority, dates, patterns of names) is not taken over.
    """
    stem = name.removesuffix(SUFFIX)
    lines = [line for line in text[:LONGEST].splitlines() if line.strip() and not line.startswith("#")]
    if not name.endswith(SUFFIX) or not NAME.fullmatch(stem) or len(lines) != 1:
        return None
    words = lines[0].split()
    if ED25519 not in words or "cert-authority" in words[: words.index(ED25519)]:
        return None
    try:
        return Signer(stem, SshKey(" ".join(words[words.index(ED25519) :])))
    except Unfit:
        return None


class Judgement(Enum):
    """What a signature turned out to be; the value is the sentence for the admin."""

    SIGNED = N_("the image is signed by {name}")
    UNSIGNED = N_("the image is not signed")
    STRANGER = N_("the image is signed by the key {name}, which is none of the public keys of this node")
    DAMAGED = N_(
        "the signature of the image is damaged, or belongs to other checksums: "
        "the image was changed or not copied whole"
    )


@dataclass(frozen=True)
class Verdict:
    """*name* is that of the signer, or what is told of a key that is not known."""

    judgement: Judgement
    name: str = ""

    def text(self) -> str:
        """One sentence for the admin."""
        return _(self.judgement.value).format(name=self.name)
