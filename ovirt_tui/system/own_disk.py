"""Reaches the node's own disk at an iSCSI target: one interface with an address, a login, and the disk is there.

The initrd runs this program in the root of the slot before it opens the volumes of a node, and the medium does the
same before it looks at the disks of an installation: what was reached there is reached at each start.  How is told by
the file that ovirt_tui/pages/remote/own_disk.py makes.  Everything has a limit of time.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from ipaddress import IPv4Address, IPv4Interface
from pathlib import Path
from signal import SIGTERM
from time import monotonic, sleep
from typing import Self, TypeVar

from ovirt_tui.i18n import _
from ovirt_tui.machine.iscsi import REACHED
from ovirt_tui.machine.untrusted import escaped
from ovirt_tui.model.network import IscsiName, IscsiTarget, Mac, Mtu
from ovirt_tui.model.records import dataclass, field
from ovirt_tui.model.secrets import revealed
from ovirt_tui.system import StepFailed, Tell, Undo, iscsi
from ovirt_tui.system.command import run, succeeds
from ovirt_tui.system.files import write
from ovirt_tui.system.services import nothing
from ovirt_tui.system.steps import Reached

T = TypeVar("T")
INTERFACE_SECONDS = 30
LINK_SECONDS = 20
DISK_SECONDS = 30
DHCP = "/usr/libexec/ovirt-node/dhcp"
ADAPTERS = re.compile(r"pci:.*bc02|virtio:d00000001|vmbus:|xen:vif|usb:")
"""Aliases of devices that may be network adapters: the initrd has no drivers of these, the slot has."""


@dataclass(frozen=True)
class Login:
    """How the disk is reached."""

    target: IscsiTarget
    initiator: IscsiName
    interface: Mac
    address: IPv4Interface | None = None  # none: DHCP
    gateway: IPv4Address | None = None
    mtu: Mtu | None = None
    ipv6: bool = True
    auth: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, text: str) -> Self:
        """The login that the file *text* says; ValueError where it is damaged."""
        said = dict(line.partition("=")[::2] for line in text.splitlines() if line and not line.startswith("#"))
        if not {"target", "initiator", "interface"} <= set(said):
            raise ValueError("incomplete")
        return cls(
            target=IscsiTarget(said["target"]),
            initiator=IscsiName(said["initiator"]),
            interface=Mac(said["interface"]),
            address=IPv4Interface(said["address"]) if "address" in said else None,
            gateway=IPv4Address(said["gateway"]) if "gateway" in said else None,
            mtu=Mtu(said["mtu"]) if "mtu" in said else None,
            ipv6=said.get("ipv6") != "off",
            auth={iscsi.AUTH[key]: value for key, value in said.items() if key in iscsi.AUTH and value},
        )


@dataclass(frozen=True)
class Places:
    """Where things are; tests have others."""

    sys: Path = Path("/sys")
    proc: Path = Path("/proc")
    run: Path = Path("/run")
    initiator: Path = Path("/etc/iscsi/initiatorname.iscsi")
    reached: Path = Path(REACHED)
    iscsi: iscsi.Places = iscsi.Places()

    @property
    def booted(self) -> bool:
        """Whether this is a running system, and no initrd."""
        return (self.run / "systemd/system").is_dir()


class OwnDisks:
    """Reached: this machine is logged in, and the disk is there."""

    def __init__(self, places: Places | None = None) -> None:
        self.places = places or Places()

    def holds(self, step: Reached) -> bool:
        known = self.places.reached
        return known.is_file() and known.read_text().strip() == step.target

    def make(self, step: Reached, tell: Tell) -> Undo:
        reach(Login.read(revealed(step.content)), self.places)
        return nothing


def reach(login: Login, places: Places) -> None:
    """The disk of *login* is there; StepFailed with a sentence where it is not."""
    if not places.booted:
        load_drivers(places)
    nic = _interface(login, places)
    _address(nic, login, places)
    write(places.initiator, f"InitiatorName={login.initiator}\n".encode(), 0o600)
    with _daemon(places):
        try:
            iscsi.log_in(login.target, login.auth, places.iscsi, iscsi.PATIENT)
        except StepFailed as failure:
            raise StepFailed(f"{login.target}: {failure}", failure.output) from failure
        found = _awaited(lambda: _disks(login, places), DISK_SECONDS)
    if not found:
        text = _("{target} has no disk for {initiator}")
        raise StepFailed(text.format(target=login.target, initiator=login.initiator))
    if not places.booted:
        places.iscsi.record(login.target).unlink(missing_ok=True)  # it has passwords; the node makes its own
    run(("udevadm", "settle", "--timeout=20"), seconds=30, good=(0, 1))
    write(places.reached, f"{login.target}\n".encode(), 0o644)


def load_drivers(places: Places) -> None:
    """Load drivers of network adapters; some of these appear once that of the bus they are on is loaded."""
    tried = set[str]()
    for _look in range(2):
        found = {_line(path) for path in (places.sys / "devices").glob("**/modalias")}
        for alias in sorted(each for each in found - tried if ADAPTERS.match(each)):
            run(("modprobe", "--quiet", "--use-blacklist", alias), good=(0, 1))
        tried |= found
        run(("udevadm", "settle", "--timeout=20"), seconds=30, good=(0, 1))
    run(("modprobe", "--all", "--quiet", "iscsi_tcp"), good=(0, 1))


def _line(path: Path) -> str:
    """The line in a file of sysfs; empty where it cannot be read, as that of a device that has just gone."""
    try:
        return path.read_text(errors="replace").strip()
    except OSError:
        return ""


def _interface(login: Login, places: Places) -> str:
    """The name of the interface, up and with a carrier."""

    def named() -> str:
        for path in sorted((places.sys / "class/net").glob("*/address")):
            physical = (path.parent / "device").exists()
            if physical and _line(path).lower() == login.interface.lower():
                return path.parent.name
        return ""

    nic = _awaited(named, INTERFACE_SECONDS)
    if not nic:
        raise StepFailed(_("this machine has no interface {address}").format(address=login.interface))
    if not login.ipv6 and (knob := places.proc / f"sys/net/ipv6/conf/{nic}/disable_ipv6").exists():
        knob.write_text("1\n")
    run(("ip", "link", "set", "dev", nic, *(("mtu", str(login.mtu)) if login.mtu else ()), "up"))
    if not _awaited(lambda: _carrier(places, nic), LINK_SECONDS):
        raise StepFailed(_("the interface {nic} has no link").format(nic=nic))
    return nic


def _carrier(places: Places, nic: str) -> bool:
    try:
        return (places.sys / "class/net" / nic / "carrier").read_text().strip() == "1"
    except OSError:
        return False  # it is not up yet


def _address(nic: str, login: Login, places: Places) -> None:
    """The interface has its address, and NetworkManager finds it as its own profile would have made it."""
    if login.address:
        run(("ip", "address", "replace", str(login.address), "dev", nic))
        if login.gateway:
            near = login.gateway in login.address.network
            route = ("ip", "route", "replace", "default", "via", str(login.gateway), "dev", nic)
            run(route if near else (*route, "onlink"))
        return
    asking = ("busybox", "udhcpc", "-f", "-i", nic, "-s", DHCP)
    if not succeeds((*asking, "-n", "-q", "-t", "6", "-T", "4"), seconds=60):
        raise StepFailed(_("no DHCP server answers on {nic}").format(nic=nic))
    if places.booted and not succeeds(("systemctl", "--quiet", "is-active", "ovirt-node-lease.service")):
        run(("systemd-run", "--quiet", "--collect", "--unit=ovirt-node-lease", *asking))


@contextmanager
def _daemon(places: Places) -> Iterator[None]:
    """iscsid runs, under the name of this login: one of the system stays, one of ours ends; sessions outlive both."""
    if places.booted:
        run(("systemctl", "restart", "iscsid.service"))
        yield
        return
    (places.run / "lock").mkdir(exist_ok=True)
    run(("iscsid",))
    try:
        yield
    finally:
        with suppress(OSError, ValueError):
            os.kill(int((places.run / "iscsid.pid").read_text()), SIGTERM)


def _disks(login: Login, places: Places) -> bool:
    """Whether a session of this target has a disk."""
    numbers = [each.number for each in iscsi.sessions(places.iscsi) if each.is_of(login.target)]
    folders = (places.sys / f"class/iscsi_session/session{number}/device" for number in numbers)
    return any(True for folder in folders for _disk in folder.glob("target*/*/block/*"))


def _awaited(look: Callable[[], T], seconds: int) -> T:
    """What *look* finds, once it finds something or *seconds* have passed."""
    end = monotonic() + seconds
    while not (found := look()) and monotonic() < end:
        sleep(0.5)
    return found


def main(text: str, places: Places) -> int:
    """Reach the disk that the file *text* is about; what is wrong is the last line of the errors."""
    try:
        reach(Login.read(text), places)
    except ValueError:
        wrong = _("what the boot partition says of the disk is damaged")
    except (StepFailed, OSError) as failure:
        wrong = str(failure)
    else:
        return 0
    print(escaped(wrong), file=sys.stderr)
    return 1


if __name__ == "__main__":
    os.umask(0o077)
    sys.exit(main(sys.stdin.read(), Places()))
