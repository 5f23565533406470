"""What the running image is trusted by: its signature, the checks of the kernel, and the keys of this node."""

from __future__ import annotations

from ovirt_tui.i18n import N_, _
from ovirt_tui.machine.facts import Facts
from ovirt_tui.pages import Act, Deed, Live, Page
from ovirt_tui.pages.status import beside, version
from ovirt_tui.system import StepFailed, System

TREE = "/run/initramfs/live"
MAPPED = "/dev/mapper"
DEVICE = "ovirt-node-image"
"""What the initrd calls the image under dm-verity."""
STATUS = ("dmsetup", "status", DEVICE)


def signed(system: System, facts: Facts) -> str:
    from ovirt_tui.system.signature import answered, asked_of, signers

    try:
        return answered(system.output(asked_of(TREE, signers(system)))).text()
    except StepFailed as failure:
        return _("unknown: {failure}").format(failure=failure)


def checked(system: System, facts: Facts) -> str:
    """Whether the kernel compares what it reads of the image with the root hash, and what it found."""
    try:
        if DEVICE not in system.names(MAPPED):
            return _("no: the image was started without node.verity")
        said = system.output(STATUS).split()
    except StepFailed as failure:
        return _("unknown: {failure}").format(failure=failure)
    if said[-2:] == ["verity", "V"]:
        return _("yes, each block as it is read; none was wrong")
    if said[-2:] == ["verity", "C"]:
        return _("yes, and a block was wrong: the image was changed on its disk, or the disk is failing")
    return _("unknown: {failure}").format(failure=" ".join(said))


def trusted(system: System, facts: Facts) -> str:
    """A line with the name, and one with the fingerprint, of each key."""
    from ovirt_tui.system.signature import signers

    try:
        found = signers(system)
    except StepFailed as failure:
        return _("unknown: {failure}").format(failure=failure)
    return "\n".join(f"{each.name}\n{each.key.fingerprint}" for each in found) or _("none")


PAGE = Page(
    order=43,
    title=N_("Image"),
    setup=True,
    help=N_(
        "This page shows by what the running image is trusted, and leads to another one. Upgrade asks for an image, "
        "says all that speaks against it before anything is written, and writes it to the other slot; the next restart "
        "tries it. Roll back starts the other slot again, with the settings that it had. The public keys are those by "
        "which this node knows who signed an image; their fingerprints are what 'ssh-keygen -l' shows, and keys of "
        "your own go to /etc/ovirt-node/keys, one to a file. The kernel checks each block of the image when it is "
        "read: one that is not as it was built restarts the node. Where that happens at each start, choose the other "
        "slot in the boot menu."
    ),
    rows=(
        Live(N_("Version"), version),
        Live(N_("Other slot"), beside),
        Live(N_("Signature"), signed),
        Live(N_("Checked on read"), checked),
        Live(N_("Public keys"), trusted),
        Act(N_("Upgrade"), Deed.UPGRADE),
        Act(N_("Roll back"), Deed.ROLL_BACK),
    ),
)
