"""Who signed an image: ssh-keygen's signature of its sha256sums, by the keys that this node has.

As a program, `python3 -m ovirt_tui.system.signature FOLDER KEYS`, it judges the medium tree in FOLDER and prints JSON.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from ovirt_tui.i18n import _
from ovirt_tui.machine.signers import FOLDERS, NAMESPACE, SIGNATURE, Judgement, Signer, Verdict, signer
from ovirt_tui.system import Missing, Reader, StepFailed
from ovirt_tui.system.command import Completed, outcome
from ovirt_tui.system.media import SUMS
from ovirt_tui.system.tree import file_errors

LARGEST = 64 * 1024
"""Bytes of a list of checksums, and of a signature: ours have some hundred."""

SECONDS = 20
_FINGERPRINT = re.compile(r"with (\S+) key (SHA256:[A-Za-z0-9+/]{43})")


def signers(reader: Reader) -> tuple[Signer, ...]:
    """The keys of this node, those of the image first; files that hold no key are none of them."""
    found: dict[str, Signer] = {}
    for folder in FOLDERS:
        for name in reader.names(folder):
            try:
                each = signer(name, reader.text(f"{folder}/{name}"))
            except Missing:
                continue  # a folder, or taken away meanwhile
            if each:
                found.setdefault(each.name, each)
    return tuple(found.values())


def signed_by(sums: bytes, signature: bytes, known: tuple[Signer, ...]) -> str:
    """The name of the one among *known* who signed; StepFailed, with a sentence for the admin, where nobody did.

    The arguments are those of judged().
    """
    verdict = judged(sums, signature, known)
    if verdict.judgement is not Judgement.SIGNED:
        raise StepFailed(verdict.text())
    return verdict.name


def judged(sums: bytes, signature: bytes, known: tuple[Signer, ...]) -> Verdict:
    """What *signature* is for the text *sums*, the whole content of an image's sha256sums.

    *signature* is the content of sha256sums.sig, empty where there is none.  StepFailed where it cannot be found out.
    """
    if not signature:
        return Verdict(Judgement.UNSIGNED)
    if max(len(sums), len(signature)) > LARGEST:
        return Verdict(Judgement.DAMAGED)
    with file_errors(_("the signature of the image could not be checked")), TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "signature").write_bytes(signature)
        (folder / "allowed").write_text("".join(each.allowed() for each in known))
        for each in known:
            identity = ("-f", str(folder / "allowed"), "-I", each.name)
            if _asked("verify", folder, sums, *identity).status == 0:
                return Verdict(Judgement.SIGNED, each.name)
        # whether it fits the text, whoever made it: only for the sentence
        said = _asked("check-novalidate", folder, sums)
    if said.status:
        return Verdict(Judgement.DAMAGED)
    found = _FINGERPRINT.search(said.out)
    return Verdict(Judgement.STRANGER, f"{found[2]} ({found[1]})" if found else "?")


def _asked(what: str, folder: Path, sums: bytes, *more: str) -> Completed:
    argv = ("ssh-keygen", "-Y", what, "-n", NAMESPACE, "-s", str(folder / "signature"), *more)
    return outcome(argv, seconds=SECONDS, stdin=sums, reads=True)


def asked_of(folder: str, known: tuple[Signer, ...]) -> tuple[str, ...]:
    """The argv of the program that judges the medium tree in *folder*."""
    keys = json.dumps({each.name: each.key for each in known})
    return ("python3", "-P", "-m", "ovirt_tui.system.signature", folder, keys)


def answered(said: str) -> Verdict:
    """What the program printed."""
    kind, name = json.loads(said)
    return Verdict(Judgement[kind], name)


def main(folder: str, keys: str) -> int:
    """Print the verdict on the medium tree in *folder*; return 1, with the reason, where there is none."""
    known = tuple(each for name, key in json.loads(keys).items() if (each := signer(f"{name}.pub", key)))
    try:
        with file_errors(_("the signature of the image could not be checked")):
            texts = [_first(Path(folder) / name) for name in (SUMS, SIGNATURE)]
        verdict = judged(texts[0], texts[1], known)
    except StepFailed as failure:
        print(failure, file=sys.stderr)
        return 1
    print(json.dumps([verdict.judgement.name, verdict.name]))
    return 0


def _first(path: Path) -> bytes:
    """What is in the file, of one that is too large the beginning; nothing where there is none."""
    if not path.exists():
        return b""
    with path.open("rb") as file:
        return file.read(LARGEST + 1)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
