"""The volumes of a node on an iSCSI disk: how it is reached, by the medium and by the initrd, and that it stays."""

from __future__ import annotations

import errno
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from brought import brought
from house import ROOT
from machines import LUN, MACHINES, PLAIN, with_
from ovirt_tui.autoinstall.cmdline import read
from ovirt_tui.autoinstall.understand import understand
from ovirt_tui.cli.places import CMDLINE
from ovirt_tui.cli.unattended import autoinstall
from ovirt_tui.features.drift import drift
from ovirt_tui.features.resolution import resolve
from ovirt_tui.features.rules import SETUP_RULES
from ovirt_tui.machine.iscsi import REACHED
from ovirt_tui.model.config import NodeConfig
from ovirt_tui.model.network import IscsiTarget
from ovirt_tui.model.records import replace
from ovirt_tui.pages.remote import live
from ovirt_tui.pages.remote.own_disk import login as said
from ovirt_tui.plan.actions import SETUP
from ovirt_tui.plan.runner import changes
from ovirt_tui.system import StepFailed, iscsi, own_disk
from ovirt_tui.system.disk_steps import Volumes
from ovirt_tui.system.fake import FakeSystem
from ovirt_tui.system.own_disk import Login, Places, main, reach
from ovirt_tui.system.steps import OwnDisk, Reached
from person import at_installer
from test_iscsi import CHAP, SECRET, WORSE, Kernel, kernel, use

__all__ = ["kernel"]
HERE = MACHINES["iscsi-disk"]
AWAY = replace(HERE, disks=HERE.disks[1:])
NODE = replace(HERE, slot="Root")
TARGET = IscsiTarget(LUN.target)
INITIATOR = "iqn.2001-04.com.example:node1"
SAN = f"iscsi_install iscsi_server=192.0.2.10 iscsi_target_name={TARGET.name} iscsi_name={INITIATOR}"
SECRETS = f"iscsi_user=node1 iscsi_password={SECRET} iscsi_target_user=disks iscsi_target_password={WORSE}"
LINE = f"storage_init=/dev/vda iscsi_init=/dev/sda BOOTIF=eth0 adminpw=$6$salt$hash {SAN} {SECRETS}"
STATIC = "ip=192.0.2.7::192.0.2.1:24:::none:9000"
MAC = "52:54:00:12:34:56"


def configured(words: str = "") -> NodeConfig:
    found = understand(read(f"{LINE} {words}"), HERE)
    assert found.complaints == ()
    return found.config


def file(words: str = "") -> str:
    """What the boot partition says."""
    text = said(resolve(configured(words), HERE).config, HERE)
    assert text and SECRET not in str(text) + repr(text)
    return text.reveal()


def test_what_the_boot_partition_says_is_what_the_initrd_reads() -> None:
    leased, static = Login.read(file()), Login.read(file(STATIC))
    assert (leased.target, leased.initiator, leased.interface) == (TARGET, INITIATOR, MAC)
    assert (leased.address, leased.gateway, leased.mtu, leased.ipv6) == (None, None, None, False)
    assert leased.auth == static.auth and set(leased.auth.values()) == {"node1", SECRET, "disks", WORSE}
    assert [str(each) for each in (static.address, static.gateway, static.mtu)] == ["192.0.2.7/24", "192.0.2.1", "9000"]
    assert Login.read(file("ipv6=auto")).ipv6


class Network:
    """A machine with one interface, whose target answers through *kernel*."""

    def __init__(self, root: Path, kernel: Kernel, monkeypatch: pytest.MonkeyPatch) -> None:
        self.root, self.kernel = root, kernel
        self.calls: list[tuple[str, ...]] = []
        self.leases = True
        for path, text in (
            ("sys/class/net/eth7/address", f"{MAC}\n"),
            ("sys/class/net/eth7/carrier", "1\n"),
            ("sys/class/net/br0/address", f"{MAC}\n"),
            ("sys/devices/pci0/modalias", "pci:v00008086d000010D3sv0bc02sc00i00\n"),
            ("sys/devices/pci0/virtio/modalias", "virtio:d00000001v00001AF4\n"),
            ("sys/devices/gpu/modalias", "pci:v00008086d000010D3sv0bc03sc00i00\n"),
            ("proc/sys/net/ipv6/conf/eth7/disable_ipv6", "0\n"),
            ("run/lock/x", ""),
        ):
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text)
        (root / "sys/class/net/eth7/device").mkdir()
        self.places = Places(
            sys=root / "sys",
            proc=root / "proc",
            run=root / "run",
            initiator=root / "initiatorname",
            reached=root / "run/own-target",
            iscsi=replace(kernel.places, sysfs=root / "sys", reached=root / "run/own-target"),
        )
        kernel.places = self.places.iscsi
        monkeypatch.setattr(own_disk, "run", self.run)
        monkeypatch.setattr(own_disk, "succeeds", self.succeeds)
        for limit in ("INTERFACE_SECONDS", "LINK_SECONDS", "DISK_SECONDS"):
            monkeypatch.setattr(own_disk, limit, 0)

    def run(self, argv: tuple[str, ...], *, seconds: int = 60, good: tuple[int, ...] = (0,)) -> str:
        assert 0 < seconds <= 60
        self.calls.append(argv)
        return ""

    def succeeds(self, argv: tuple[str, ...], *, seconds: int = 60) -> bool:
        self.calls.append(argv)
        return self.leases if "udhcpc" in argv else False

    def says(self, text: str, capfd: pytest.CaptureFixture[str]) -> str:
        assert main(text, self.places) == 1
        assert not self.places.reached.exists()
        return capfd.readouterr().err.strip()


@pytest.fixture
def network(tmp_path: Path, kernel: Kernel, monkeypatch: pytest.MonkeyPatch) -> Network:
    return Network(tmp_path, kernel, monkeypatch)


def test_the_initrd_reaches_the_disk(network: Network) -> None:
    reach(Login.read(file(STATIC)), network.places)
    assert network.calls == [
        ("modprobe", "--quiet", "--use-blacklist", "pci:v00008086d000010D3sv0bc02sc00i00"),
        ("modprobe", "--quiet", "--use-blacklist", "virtio:d00000001v00001AF4"),
        ("udevadm", "settle", "--timeout=20"),
        ("udevadm", "settle", "--timeout=20"),
        ("modprobe", "--all", "--quiet", "iscsi_tcp"),
        ("ip", "link", "set", "dev", "eth7", "mtu", "9000", "up"),
        ("ip", "address", "replace", "192.0.2.7/24", "dev", "eth7"),
        ("ip", "route", "replace", "default", "via", "192.0.2.1", "dev", "eth7"),
        ("iscsid",),
        ("udevadm", "settle", "--timeout=20"),
    ]
    assert network.places.initiator.read_text() == f"InitiatorName={INITIATOR}\n"
    assert network.kernel.opened() == [TARGET.name]
    assert network.places.reached.read_text() == f"{TARGET}\n"
    assert (network.root / "proc/sys/net/ipv6/conf/eth7/disable_ipv6").read_text() == "1\n"
    assert not [each for each in network.root.rglob("*") if each.is_file() and SECRET in each.read_text()]
    assert not [word for argv in (*network.calls, *network.kernel.calls) for word in argv if SECRET in word]


def test_a_device_that_goes_away_meanwhile_is_in_nobodys_way(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    """A USB stick, say: its line cannot be read any more, and the disk of the node was never reached."""
    gone = network.root / "sys/devices/usb1/modalias"
    gone.parent.mkdir(parents=True)
    gone.touch()
    real = Path.read_text

    def read(path: Path, *args: Any, **options: Any) -> str:
        if path == gone:
            raise OSError(errno.ENODEV, "No such device")
        return real(path, *args, **options)

    monkeypatch.setattr(Path, "read_text", read)
    reach(Login.read(file(STATIC)), network.places)
    assert network.kernel.opened() == [TARGET.name]


def test_the_medium_has_its_drivers_and_keeps_the_lease(network: Network) -> None:
    (network.root / "run/systemd/system").mkdir(parents=True)
    reach(Login.read(file("ipv6=auto")), network.places)
    assert ("modprobe", "--all", "--quiet", "iscsi_tcp") not in network.calls and ("iscsid",) not in network.calls
    assert ("systemctl", "restart", "iscsid.service") in network.calls
    record = network.kernel.places.record(TARGET).read_text()
    assert "replacement_timeout = 86400\n" in record and f"password = {SECRET}\n" in record
    (renewing,) = [argv for argv in network.calls if argv[0] == "systemd-run"]
    assert renewing[-6:] == ("udhcpc", "-f", "-i", "eth7", "-s", own_disk.DHCP)
    assert (network.root / "proc/sys/net/ipv6/conf/eth7/disable_ipv6").read_text() == "0\n"


def test_what_is_in_the_way_is_said_in_a_sentence(network: Network, capfd: pytest.CaptureFixture[str]) -> None:
    text, carrier = file(), network.root / "sys/class/net/eth7/carrier"
    assert network.says("target=a\n", capfd) == "what the boot partition says of the disk is damaged"
    assert network.says(text.replace(MAC, "52:54:00:00:00:01"), capfd) == (
        "this machine has no interface 52:54:00:00:00:01"
    )
    carrier.write_text("0\n")
    assert network.says(text, capfd) == "the interface eth7 has no link"
    carrier.write_text("1\n")
    network.leases = False
    assert network.says(text, capfd) == "no DHCP server answers on eth7"
    network.leases = True
    network.kernel.refuses[TARGET.name] = 24
    assert network.says(text, capfd).startswith(f"{TARGET}: it refuses the login")
    network.kernel.refuses[TARGET.name] = 8
    assert network.says(text, capfd) == f"{TARGET}: it does not answer"


def test_a_target_without_a_disk_for_this_node_is_said(
    network: Network, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(own_disk, "_disks", lambda login, places: False)
    assert network.says(file(), capfd) == f"{TARGET} has no disk for {INITIATOR}"


def test_a_running_node_keeps_its_own_session(kernel: Kernel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kernel.places = replace(kernel.places, reached=tmp_path / "own-target")
    kernel.places.reached.write_text(f"{TARGET}\n")
    kernel.open(TARGET)
    use(monkeypatch, lambda number: ("HostVG-Config",))
    kernel.places.settings.write_text(f"disk={TARGET}\n{CHAP}")
    assert iscsi.login(kernel.places) == []
    assert kernel.opened() == [TARGET.name] and not kernel.places.known.exists()
    assert "replacement_timeout = 86400\n" in kernel.places.record(TARGET).read_text()
    other = IscsiTarget("192.0.2.11/iqn.2001-04.com.example:other")
    kernel.open(other)
    use(monkeypatch, lambda number: ())
    assert iscsi.logout(kernel.places, 0.1) == [] and kernel.opened() == [TARGET.name]
    kernel.places.settings.unlink()
    assert iscsi.login(kernel.places) == [] and kernel.opened() == [TARGET.name]


def test_iscsid_finds_a_record_of_the_session_that_the_initrd_has_opened(kernel: Kernel, tmp_path: Path) -> None:
    here = kernel.places = replace(kernel.places, reached=tmp_path / "own-target")
    assert iscsi.main(["record"], here) == 0 and not here.records.exists(), "a node with disks of its own"
    here.reached.write_text(f"{TARGET}\n")
    here.settings.write_text(f"disk={TARGET}\ntarget=192.0.2.11/iqn.2001-04.com.example:other\n{CHAP}")
    kernel.open(TARGET)
    assert iscsi.main(["record"], here) == 0
    (record,) = [each for each in here.records.rglob("*") if each.is_file()]
    assert record == here.record(TARGET) and record.stat().st_mode & 0o777 == 0o600
    lines = record.read_text().splitlines()
    assert lines[:3] == [f"node.name = {TARGET.name}", "node.conn[0].address = 192.0.2.10", "node.conn[0].port = 3260"]
    assert {"node.startup = manual", "node.session.timeo.replacement_timeout = 86400"} <= set(lines)
    assert f"node.session.auth.password = {SECRET}" in lines and f"node.session.auth.password_in = {WORSE}" in lines
    assert not kernel.calls, "iscsiadm would wait for iscsid, which waits for this"
    assert kernel.opened() == [TARGET.name] and not here.known.exists()
    changed = record.stat().st_mtime_ns
    assert iscsi.main(["record"], here) == 0 and record.stat().st_mtime_ns == changed, "all is as it is to be"
    here.settings.unlink()
    assert iscsi.main(["record"], here) == 0 and SECRET not in record.read_text()
    assert "node.session.timeo.replacement_timeout = 86400" in record.read_text()


def test_a_record_is_there_before_iscsid_is() -> None:
    units = ROOT / "image/overlay/usr/lib/systemd/system"
    unit = (units / "ovirt-node-own-target.service").read_text()
    assert f"ConditionPathExists={REACHED}\n" in unit and "Before=iscsid.service\n" in unit
    assert "ConditionKernelCommandLine=node.slot\n" in unit, "on the medium, it has no settings to make it of"
    assert "ExecStart=/usr/bin/python3 -P -m ovirt_tui.system.iscsi record\n" in unit
    drop_in = (units / "iscsid.service.d/ovirt-node.conf").read_text()
    assert "Wants=ovirt-node-own-target.service\n" in drop_in, "a disk without a record is better than none"
    hook = (ROOT / "image/debian/hooks/50-iscsi.sh").read_text()
    assert f"\nnode.session.auth.chap_algs = {iscsi.ALGORITHMS}\n" in hook, "iscsid takes these for such a session"


def booted(line: str, **more: object) -> FakeSystem:
    return FakeSystem(AWAY, files={CMDLINE: f"{line}\n"}, **more)  # type: ignore[arg-type]


def test_an_unattended_installation_logs_in_before_it_chooses_the_disks() -> None:
    system, lines = booted(LINE, beyond={str(TARGET): HERE}), list[str]()
    assert autoinstall(system, lines.append).status == 0
    assert lines[0] == f"ovirt-node: logging in to {TARGET}"
    kinds = [type(step) for step in system.made]
    assert kinds.index(Reached) < kinds.index(Volumes) < kinds.index(OwnDisk)
    (volumes,) = [step for step in system.made if isinstance(step, Volumes)]
    assert (volumes.boot_disk, volumes.data_disks) == ("/dev/vda", ("/dev/sda",))
    assert not [line for line in (*lines, *system.lines) if SECRET in line or WORSE in line]


def test_a_target_that_does_not_let_in_refuses_it_and_nothing_is_written() -> None:
    system, lines = booted(LINE), list[str]()

    def refuse(step: object, *_more: object) -> Callable[[], None]:
        if isinstance(step, Reached):
            raise StepFailed(f"{step.target}: it does not answer")
        return lambda: None

    system.make = refuse  # type: ignore[method-assign, assignment]
    assert autoinstall(system, lines.append).status == 2
    assert f"ovirt-node: {TARGET}: it does not answer" in lines
    assert f"ovirt-node: refused: iscsi_server: this machine is not logged in to {TARGET}" in lines
    assert not system.wrote


def test_a_disk_at_a_target_is_none_that_is_meant_unnamed() -> None:
    found = understand(read("storage_init BOOTIF=eth0 adminpw=$6$salt$hash"), HERE)
    assert [str(each) for each in found.complaints] == []
    assert found.draft.resolved.get("storage.boot_disk") == "/dev/vda"
    unsaid = understand(read("storage_init=/dev/vda,/dev/sda BOOTIF=eth0 adminpw=$6$salt$hash"), HERE)
    assert "is at 192.0.2.10/" in str(unsaid.complaints[0])


def test_a_node_on_such_a_disk_is_as_it_was_saved() -> None:
    config = configured(STATIC).put("users.root_locked", True)
    system = brought(config, NODE)
    assert not drift(config, system, NODE)
    assert changes(SETUP, config, config, NODE, system) == ()
    (kept,) = [step for step in system.made if isinstance(step, OwnDisk)]
    assert (kept.disk, kept.target) == ("", str(TARGET))
    moved = config.put("network.ipv4_gateway", None)
    steps = [step for each in changes(SETUP, config, moved, NODE, system) for step in each.steps]
    assert any(isinstance(step, OwnDisk) for step in steps), "the initrd has the address of the node"


def test_nothing_but_an_installation_moves_the_volumes() -> None:
    other = IscsiTarget("192.0.2.99/iqn.2001-04.com.example:disk1")
    config = resolve(configured().put("remote.disk", other), NODE).config
    assert config.get("remote.disk") == TARGET
    plain = with_(slot="Root")
    found = [str(each) for rule in SETUP_RULES for each in rule(resolve(configured(), plain).config, plain)]
    assert "only an installation puts the volumes of a node on an iSCSI disk" in "".join(found)


def test_the_page_shows_whose_disk_it_is() -> None:
    session = f"{live.SESSIONS}/session1"
    system = FakeSystem(NODE, files={f"{session}/targetname": f"{TARGET.name}\n", f"{session}/state": "LOGGED_IN\n"})
    system.files |= {f"{live.SESSIONS}/session1": ""}
    assert live.sessions(system, NODE) == f"{TARGET.name}: open; the disk of this node, never left"
    assert live.sessions(system, PLAIN) == f"{TARGET.name}: open"


def test_a_person_logs_in_and_finds_the_disk_among_the_data_disks() -> None:
    person, installer = at_installer("one-disk")
    person.system.beyond = {str(TARGET): with_(disks=(*PLAIN.disks, LUN))}
    person.press("tab", "enter")
    assert installer.page.title == "Keyboard"
    person.press("f10")
    assert installer.page.title == "iSCSI disk"
    person.press("f10")
    assert "needed: the portal" in person.screen()
    installer.draft.put("remote.disk", str(TARGET))
    installer.draft.put("remote.initiator", INITIATOR)
    installer.open(installer.page)
    person.press("f10")
    assert "this machine is not logged in" in person.screen()
    for _stop in range(30):
        if "[>Log in<]" in person.screen():
            break
        person.press("tab")
    person.press("enter")
    assert "The disk is there" in person.screen()
    person.press("enter", "f10")
    assert installer.page.title == "Boot disk"
    installer.draft.put("storage.boot_disk", "/dev/vda")
    installer.draft.put("storage.data_disks", "/dev/sda")
    assert [each for each in installer.draft.problems() if "storage" in each.path or "remote" in each.path] == []
