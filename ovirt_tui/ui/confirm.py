"""What is about to happen, in full: each disk, each step, and the kernel line that would do the same."""

from __future__ import annotations

from collections.abc import Iterator

from ovirt_tui import disks
from ovirt_tui.actions import INSTALL, volumes_step
from ovirt_tui.autoinstall.write import answers
from ovirt_tui.config import NodeConfig, settings
from ovirt_tui.facts import Disk, Facts
from ovirt_tui.i18n import _
from ovirt_tui.layout import sizes
from ovirt_tui.pages.disk_list import size
from ovirt_tui.rules import Problem
from ovirt_tui.runner import plan
from ovirt_tui.steps import Volumes

Line = str | tuple[str, str]


def obstacles(problems: list[Problem]) -> Iterator[Line]:
    """Why it cannot be installed like this."""
    yield ("error", _("This cannot be installed yet. Go back and change it:"))
    for problem in problems:
        yield ("error", f"  {_(settings()[problem.path].label)}: {problem.text}")


def confirm(config: NodeConfig, facts: Facts) -> Iterator[Line]:
    """The write plan.  The rules of *config* hold."""
    step = volumes_step(config, facts)
    yield ("warning", _("Nothing has been written so far. 'Install' writes to these disks, and to no other:"))
    for path in step.disks:
        yield ""
        yield from about(config, facts, disks.find(facts, path), step)
    yield ""
    yield ("title", _("All steps, in order"))
    for number, each in enumerate(plan(INSTALL, config, facts), 1):
        yield f"{number:2}. {_(each.title)}"
        for part in each.steps:
            yield ("help", f"      {part}")
    yield ""
    yield ("title", _("The same from the kernel line (add adminpw= with a hash)"))
    yield " ".join(answers(config, facts))


def about(config: NodeConfig, facts: Facts, disk: Disk, step: Volumes) -> Iterator[Line]:
    """One disk: what it is, what is lost, what will be there."""
    names = " ".join(word for word in (disk.bus, disk.model, disk.short_serial or disk.serial) if word)
    yield ("title", f"{disk.path}  {size(disk.mib)}  {names}")
    kept = _(", except the contents of Data") if step.keep else ""
    lost = tuple(disks.contents(facts, disk))
    if lost:
        yield ("error", _("  What is on it now and will be lost{kept}:").format(kept=kept))
    for line in lost or (_("nothing known is on it"),):
        yield f"    {line}"
    yield _("  What will be there:")
    for line in becomes(config, facts, disk, step):
        yield f"    {line}"


def becomes(config: NodeConfig, facts: Facts, disk: Disk, step: Volumes) -> Iterator[str]:
    """What *disk* will hold."""
    made = sizes(config, facts)
    if disk.path == step.boot_disk:
        text = _("boot partition {efi} MiB, system slots Root and RootBackup {root} MiB each")
        yield text.format(efi=made.efi, root=made.root)
    if disk.path in step.data_disks:
        named = ", ".join(f"{name} {mib if mib >= 0 else made.data} MiB" for name, mib in made.volumes())
        shared = _("its share of ") if len(step.data_disks) > 1 else ""
        yield _("{shared}volume group HostVG: {named}").format(shared=shared, named=named)
