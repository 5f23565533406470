"""The menus of an image that is built for Secure Boot: parts of a GRUB that is signed, so nobody can change them.

That GRUB starts only a kernel and an initrd, and reads only kernel words of an image, beside which lies the OpenPGP
signature of whoever built it (FILE.sig): `check_signatures=enforce`.  What differs from node to node nobody can sign;
it is read as data, and what does not look like what it should be is passed over.  No entry can be edited.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from bootmenu.entries import MEDIUM_LABEL
from bootmenu.guard import SUPERUSER, UNRESTRICTED
from bootmenu.node_data import OWN_WORDS_FILE
from bootmenu.render import Own, choice, medium_grub, node_data, read, slot_entries

LOADER = "node.efi"
"""In the medium tree: the signed GRUB with the menu of an installed node."""

SIGNED = ("vmlinuz", "initrd.img", "words")
"""What GRUB reads of an image, each with its signature beside it."""

FIRST = "set check_signatures=enforce\nset prefix=(memdisk)/grub\n"
"""What the signed GRUB does before it reads its menu, which is a part of it."""

_VALUE = "[A-Za-z0-9._:/,+@~-]+"
_WORDS = (
    *("node[.](disk|appdisk|multipath)=[A-Za-z0-9._:/,+@~=-]+", "node[.]iscsi"),
    *("console=[A-Za-z0-9,]+", "net[.]naming_scheme=v[0-9]+", "panic=[0-9]+", "quiet", "loglevel=[0-7]"),
    *("nomodeset", "video=[A-Za-z0-9,:@x-]+", "crashkernel=[A-Za-z0-9,:@-]+"),
    *("(intel_iommu|amd_iommu|iommu|pci|pcie_aspm|processor[.]max_cstate|intel_idle[.]max_cstate)=[A-Za-z0-9_,:@.-]+",),
    *("(default_hugepagesz|hugepagesz|hugepages|isolcpus|nohz_full|rcu_nocbs|irqaffinity)=[A-Za-z0-9_,:.-]+",),
    *("nosmt", "(clocksource|tsc|mitigations)=[a-z0-9,_]+", "scsi_mod[.][a-z_]+=[a-z0-9]+"),
    "rd[.](retry|timeout)=[0-9]+",
)
"""The words of an installation that a signed menu lets through, as extended regular expressions: none of them names a
program, a root, a module or a file."""

ONE = "|".join(f"({word})" for word in _WORDS)
ALL = f"^(({ONE})( |$))*$"

_CHECKS = {
    "group": f"^({_VALUE})$",
    "app": f"^(node[.]app={_VALUE})?$",
    "crash": "^(crashkernel=[A-Za-z0-9,:@-]+)?$",
    "own": ALL,
}

_REFUSED = """\
    echo "This image is not signed for this machine, or is damaged: it is not started."
    sleep --interruptible 30
    $emergency
"""


def held_back(words: Iterable[str]) -> tuple[str, ...]:
    """The words that a signed menu does not let through."""
    return tuple(word for word in words if not re.fullmatch(ONE, word))


def installed_signed() -> str:
    """The menu of an installed node: the same for every node.

    Where the firmware found GRUB is in fw_path: Debian's GRUB leaves cmdpath empty where the prefix is a memdisk.
    """
    where = "regexp --set=1:root '^[(]([^)]+)[)]' \"$cmdpath$fw_path\"\nset prefix=($root)/grub\n"
    own = f"set own=\n{read(OWN_WORDS_FILE, 'own')}export own\n"
    checks = "".join(
        f"if regexp '{pattern}' \"${name}\"; then\n  true\nelse\n"
        f'  echo "What {name} says on the boot partition is not let through."\n  set {name}=\nfi\n'
        for name, pattern in _CHECKS.items()
    )
    entries = "".join(slot_entries(Own(variable="$own", refused=_REFUSED)))
    return f"{where}{_nobody_edits()}{choice()}{node_data()}{own}{checks}{entries}"


def medium_signed(live_words: tuple[str, ...]) -> str:
    """The menu of a medium."""
    where = f"search --no-floppy --set=root --label {MEDIUM_LABEL}\n"
    return f"{where}{_nobody_edits()}{medium_grub(live_words=live_words, option=UNRESTRICTED)}"


def _nobody_edits() -> str:
    """A superuser without a password."""
    return f"set superusers={SUPERUSER}\nexport superusers\n"
