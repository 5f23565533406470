"""The images in the slots of this node, and one in a file that may become the next."""

from __future__ import annotations

import hashlib
import os
import re
import signal
from contextlib import suppress
from pathlib import Path

from bootmenu.environment import other
from bootmenu.signed import SIGNED
from bootmenu.words import NAME as WORDS
from ovirt_tui.i18n import _
from ovirt_tui.machine.images import Candidate, NodeSlots
from ovirt_tui.machine.signers import SIGNATURE, Judgement, Signer
from ovirt_tui.system import StepFailed, Tell
from ovirt_tui.system.block import MIB
from ovirt_tui.system.boot_choice import chosen, has_signed_menu
from ovirt_tui.system.command import run
from ovirt_tui.system.image import verified
from ovirt_tui.system.media import SUMS, VERSION, small, source
from ovirt_tui.system.mounts import mounted
from ovirt_tui.system.partitions import own_disk, size_mib, slot_partition
from ovirt_tui.system.probe import Probe, assignments
from ovirt_tui.system.small_files import read_small
from ovirt_tui.system.tree import file_errors

OVERHEAD_MIB = 8
"""What the file system of a slot takes of it, at most, for an image of this size."""
TRIAL_WORD = re.compile(r"(?:^|\s)node\.trial=")
CMDLINE = Path("/proc/cmdline")
WATCHDOG = "/dev/watchdog0"
MANAGER = ("org.freedesktop.systemd1", "/org/freedesktop/systemd1", "org.freedesktop.systemd1.Manager")
WATCH = Path("/run/ovirt-node/trial-watch")
"""The process of the initrd that would start the machine again (image/dracut/90ovirt-node/trial.sh)."""
PROVEN = Path("/run/ovirt-node/trial-ended")
"""There once a new image has proven itself, in the boot in which it did."""


def slots() -> NodeSlots:
    """The slots of this node; StepFailed where this is none, or its boot menu cannot be read."""
    here = Probe().itself()
    if not here.slot:
        raise StepFailed(_("this is no installed node"))
    choice, beside = chosen(), other(here.slot)
    path = slot_partition(own_disk(), beside)
    return NodeSlots(
        running=here.slot,
        version=here.version,
        other=beside,
        other_version=image_in(path)[1],
        room=room_of(path),
        default=choice.slot,
        next=choice.next,
        tries=choice.tries,
        back=choice.back,
        starts=choice.starts,
        gave_way=choice.gave_way,
        signed_menu=here.efi and has_signed_menu(),
        trial=bool(TRIAL_WORD.search(CMDLINE.read_text(errors="replace"))) and not PROVEN.exists(),
    )


def proven() -> None:
    """Call off what would end the first boot of a new image: the watch of the initrd, and the hardware's."""
    with file_errors(_("{path} could not be written").format(path=PROVEN)):
        PROVEN.parent.mkdir(parents=True, exist_ok=True)
        PROVEN.touch()
    # where it has ended, or there is none, there is nothing to call off
    with (
        file_errors(_("{path} cannot be read").format(path=WATCH)),
        suppress(FileNotFoundError, ProcessLookupError, ValueError),
    ):
        os.kill(int(WATCH.read_text()), signal.SIGKILL)
    if not Path(WATCHDOG).exists():
        return
    run(("busctl", "set-property", *MANAGER, "RuntimeWatchdogUSec", "t", "0"))


def image_in(path: str) -> tuple[str, str]:
    """Product and version of the image in the slot at *path*, a partition; both empty where none is whole."""
    with suppress(StepFailed, OSError), mounted("ext4", path, "other-slot") as folder:
        if (folder / SUMS).is_file() and (folder / "vmlinuz").is_file():
            said = assignments((read_small(folder / VERSION) or b"").decode(errors="replace"))
            return said.get("PRODUCT", ""), full_version(said)
    return "", ""


def room_of(path: str) -> int:
    """How large an image the slot at *path* can hold, in MiB."""
    return max(0, size_mib(path) - OVERHEAD_MIB)


def full_version(said: dict[str, str]) -> str:
    """VERSION-RELEASE of a file `version`."""
    return "-".join(filter(None, (said.get("VERSION"), said.get("RELEASE"))))


def candidate(path: str, tell: Tell, known: tuple[Signer, ...] = ()) -> Candidate:
    """The image in the ISO file at *path*; StepFailed unless every byte of it is as its checksums say.

    Without a path it is the medium that this system was started from.  *known* are those whose images this node takes.
    """
    from ovirt_tui.system.signature import judged  # only here: it brings what makes a private folder

    origin = source(path)
    text, total = verified(origin, path or _("the medium"), tell)
    verdict = judged(text, small(origin, SIGNATURE) if origin.has(SIGNATURE) else b"", known)
    signed = verdict.judgement is Judgement.SIGNED
    said = assignments(small(origin, VERSION).decode(errors="replace"))
    return Candidate(
        path=path,
        product=said.get("PRODUCT", ""),
        version=full_version(said),
        mib=-(-total // MIB),
        digest=hashlib.sha256(text).hexdigest(),
        signer=verdict.name if signed else "",
        signed_menu=all(origin.has(f"{name}.sig") for name in SIGNED),
        earlier=not origin.has(WORDS),
        unsigned="" if signed else verdict.text(),
    )
