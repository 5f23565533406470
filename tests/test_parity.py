"""Every setting has a parameter; every parameter does what its row says; what is written is read back.

Every kind of step is yielded.
"""

from __future__ import annotations

from typing import get_args

import pytest

from boot_found import HERE, LOST
from brought import brought
from machines import MACHINES, PLAIN
from ovirt_tui.autoinstall import lens
from ovirt_tui.autoinstall.cmdline import Reading, read
from ovirt_tui.autoinstall.lens import words
from ovirt_tui.autoinstall.parameters import PARAMETERS, WORDS
from ovirt_tui.autoinstall.understand import put_line, understand
from ovirt_tui.cli.documents import MASK
from ovirt_tui.cli.plan_report import steps
from ovirt_tui.features.draft import Draft
from ovirt_tui.features.order import defaults
from ovirt_tui.features.parameter import Parameter, Word
from ovirt_tui.features.resolution import lasting
from ovirt_tui.machine.facts import Facts
from ovirt_tui.machine.health import Health
from ovirt_tui.machine.images import Candidate, NodeSlots
from ovirt_tui.model.config import NodeConfig
from ovirt_tui.model.network import Hostname
from ovirt_tui.model.records import replace
from ovirt_tui.model.secrets import Crypted
from ovirt_tui.model.values import parse, show
from ovirt_tui.pages.security import Users
from ovirt_tui.plan import medium, repair
from ovirt_tui.plan.actions import SETUP
from ovirt_tui.plan.runner import changes
from ovirt_tui.plan.upgrade import upgrade
from ovirt_tui.system.disk_steps import InstalledNode
from ovirt_tui.system.fake import FakeSystem
from ovirt_tui.system.steps import Reached, Step

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAICY3JydQhhTfSZun1DmnNlPY7SLOjFCcD9Njb1j7COaa admin@example.com"
OTHER_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAICY3JydQhhTfSZun1DmnNlPY7SLOjFCcD9Njb1Qaaaaa two words"
SECRET = "$6$salt$hash"
BOOT_HASH = f"grub.pbkdf2.sha512.10000.{'A' * 128}.{'B' * 128}"
WHOLE = f"storage_init=/dev/vda BOOTIF=eth0 adminpw={SECRET} hostname=node1.example.com"
TWO = MACHINES["two-disks"]


def fills(line: str, facts: Facts = PLAIN) -> dict[str, str]:
    """The settings that a line decides."""
    reading = read(line, agree=False)
    assert reading.complaints == []
    draft = Draft(facts)
    decided = tuple(lens.put(draft, reading))
    assert draft.errors == {}
    return {path: show(draft.config.get(path)) for path in decided}


def test_every_setting_has_a_parameter() -> None:
    named = {path for param in WORDS for path in param.fills}
    assert sorted(set(defaults().paths()) - named) == []


def test_every_kind_of_step_is_yielded() -> None:
    lines = (f"{WHOLE} sshkey='{KEY}' bootpw={BOOT_HASH}", "uninstall storage_init=/dev/vda")
    made = {type(step) for line in lines for each in steps(understand(read(line), PLAIN)) for step in each.steps}
    named = defaults().put("network.hostname", parse(Hostname, "node1"))
    engine = f"{WHOLE} management_server=e.example.com management_server_fingerprint={':'.join(['AB'] * 32)}"
    engine += f" node.register=https://i.example.com/ node.register_fingerprint={':'.join(['AB'] * 32)}"
    made |= {type(step) for each in steps(understand(read(engine), PLAIN)) for step in each.steps}
    made.add(Reached)  # what the disks of an installation need is no step of its plan
    lun = f"{WHOLE} iscsi_install iscsi_server=192.0.2.10 iscsi_target_name=iqn.2001-04.com.example:disk1"
    lun = f"{lun} iscsi_name=iqn.2001-04.com.example:node1".replace("/dev/vda BOOTIF", "/dev/vda,/dev/sda BOOTIF")
    made |= {type(step) for each in steps(understand(read(lun), MACHINES["iscsi-disk"])) for step in each.steps}
    made |= {type(step) for each in changes(SETUP, named, defaults(), PLAIN, brought(named)) for step in each.steps}
    slots = NodeSlots(running="Root", other="RootBackup", room=300, default="Root")
    image = Candidate(path="/data/new.iso", product="oVirt Node", version="0.3.0-1", mib=190, digest="d1")
    made |= {type(step) for each in upgrade(image, slots, Health()) for step in each.steps}
    beside = InstalledNode("/dev/vda", ("/dev/vda",))
    made |= {type(step) for each in medium.steps(image, replace(slots, earlier=True), beside) for step in each.steps}
    made |= {
        type(step)
        for each in repair.look(FakeSystem(HERE, found_boot=LOST), beside, HERE).planned
        for step in each.steps
    }
    assert set(get_args(Step)) - made == set()


def test_no_name_is_used_twice() -> None:
    names = [name for param in WORDS for name in param.names]
    assert len(names) == len(set(names))


NEEDS = {
    "netmask": "ip=192.0.2.7 ",
    "gateway": "ip=192.0.2.7 netmask=24 ",
    "node.carry": "example.option=1 ",
    "iscsi_target_name": "iscsi_server=192.0.2.10 ",
    "iscsi_init": "storage_init=/dev/vda iscsi_install ",
}
"""Parameters that say something only beside others."""


@pytest.mark.parametrize("param", [word for word in WORDS if not word.coming], ids=lambda param: param.name)
def test_an_example_fills_the_settings_of_its_row_and_no_other(param: Word) -> None:
    alone = {"netmask": {"network.ipv4": "static"}, "node.carry": {}}  # what they need is wrong without them
    beside = alone.get(param.name) if param.name in alone else fills(NEEDS.get(param.name, ""))
    assert beside is not None
    filled = fills(f"{NEEDS.get(param.name, '')}{param.name}={param.example}")
    decided = {path for path, text in filled.items() if beside.get(path) != text}
    assert decided <= set(param.fills), decided - set(param.fills)
    assert bool(decided) == bool(param.fills)
    for path, text in filled.items():
        assert text == MASK or parse(defaults().setting(path).type, text) is not None


@pytest.mark.parametrize("param", WORDS, ids=lambda param: param.name)
def test_an_example_is_understood_by_every_spelling(param: Word) -> None:
    for name in (*param.names, *(name.replace("_", "-") for name in param.names)):
        reading = read(f"{name}={param.example}", agree=False)
        assert [each for each in reading.complaints if each.parameter == name] == []
        assert param.name in reading.said


@pytest.mark.parametrize("param", WORDS, ids=lambda param: param.name)
def test_an_empty_value_is_refused(param: Word) -> None:
    assert "value required" in read(f"{param.name}=").complaints[0].text
    if param.bare is None:
        assert "value required" in read(param.name).complaints[0].text


@pytest.mark.parametrize("param", [param for param in WORDS if param.secret], ids=lambda param: param.name)
def test_a_wrong_secret_is_masked(param: Word) -> None:
    (complaint,) = read(f'{param.name}="hunt er"').complaints  # with a blank, no secret of any kind
    assert "***" in str(complaint)
    assert "hunt" not in str(complaint)


FULL = (
    ("keyboard.layout", "de"),
    ("users.root_locked", "yes"),
    ("users.ssh_password_login", "yes"),
    ("users.ssh_keys", f"{KEY},{OTHER_KEY}"),
    ("storage.boot_disk", "/dev/vda"),
    ("storage.data_disks", "/dev/vda,/dev/vdb"),
    ("storage.app_disks", "serial=C1,/dev/vdd"),
    ("storage.found", "keep-data"),
    ("storage.override", "/dev/vdb"),
    ("storage.wipe_raid", "yes"),
    ("storage.overcommit", "0.75"),
    ("storage.efi", "300"),
    ("storage.root", "3000"),
    ("storage.swap", "1000"),
    ("storage.config", "70"),
    ("storage.logging", "700"),
    ("storage.data", "0"),
    ("storage.swap2", "500"),
    ("storage.data2", "300"),
    ("network.hostname", "node1.example.com"),
    ("network.nic", "eth0"),
    ("network.layout", "bridged"),
    ("network.vlan", "42"),
    ("network.ipv4", "static"),
    ("network.ipv4_address", "192.0.2.7/24"),
    ("network.ipv4_gateway", "192.0.2.1"),
    ("network.ipv6", "static"),
    ("network.ipv6_address", "2001:db8::7/64"),
    ("network.ipv6_gateway", "2001:db8::1"),
    ("network.dns", "192.0.2.53,2001:db8::53"),
    ("network.ntp", "192.0.2.123,pool.ntp.org"),
    ("engine.server", "engine.example.com"),
    ("engine.port", "8443"),
    ("engine.fingerprint", ":".join(["AB"] * 32)),
    ("management.url", "https://inventory.example.com:8443/nodes?site=a"),
    ("management.fingerprint", ":".join(["AB"] * 32)),
    ("boot.reboot_delay", "7"),
    ("boot.words", 'console=tty0 console=ttyS0,115200 dyndbg="file a +p" quiet'),
)
ALONE = (
    *FULL,
    ("network.ntp_enabled", "no"),
    ("network.ipv4", "off"),
    ("network.ipv4", "dhcp"),
    ("network.ipv6", "auto"),
    ("network.ipv6", "dhcp"),
    ("storage.found", "wipe"),
    ("storage.found", "refuse"),
    ("storage.boot_disk", "ata:ALL"),
    ("storage.data_disks", "model=ST500*+size=400G-,rotational=no+all,wwn-0x5000c500a1b2c3d4"),
    ("network.nic", "link"),
    ("network.nic", "52:54:00:12:34:56"),
    ("engine.fingerprint", ":".join(["0F"] * 20)),
    ("storage.data", "-1"),
    ("storage.data", "100"),
    ("storage.data2", "100"),
    ("remote.disk", "192.0.2.10/iqn.2001-04.com.example:disk1"),
    ("remote.disk", "[2001:db8::a]:3261/iqn.2001-04.com.example:disk1"),
)
WITH = {
    "network.ipv4_address": ("network.ipv4", "static"),
    "network.ipv4_gateway": ("network.ipv4", "static"),
    "network.ipv6_address": ("network.ipv6", "static"),
    "network.ipv6_gateway": ("network.ipv6", "static"),
    "storage.data_disks": ("storage.boot_disk", "/dev/vda"),
    "storage.app_disks": ("storage.boot_disk", "/dev/vda"),
    "storage.swap2": ("storage.app_disks", "/dev/vdb"),
    "storage.data2": ("storage.app_disks", "/dev/vdb"),
    "remote.disk": ("remote.on_iscsi", "yes"),
    "engine.port": ("engine.server", "engine.example.com"),
    "engine.fingerprint": ("engine.server", "engine.example.com"),
    "management.fingerprint": ("management.url", "https://inventory.example.com/nodes"),
}
ADDRESSES = {
    "network.ipv4": ("network.ipv4_address", "192.0.2.7/24"),
    "network.ipv6": ("network.ipv6_address", "2001:db8::7/64"),
}


def built(*values: tuple[str, str]) -> NodeConfig:
    """The defaults with other values."""
    config = defaults()
    for path, text in values:
        config = config.put(path, parse(defaults().setting(path).type, text))
    return config


def read_back(config: NodeConfig, facts: Facts = TWO) -> NodeConfig:
    """What a machine makes of what was written."""
    reading: Reading = read(" ".join(words(config)))
    assert reading.complaints == []
    return understand(reading, facts).config


def test_everything_at_once_survives_the_round_trip() -> None:
    assert read_back(built(*FULL)) == built(*FULL)


@pytest.mark.parametrize(("path", "text"), ALONE)
def test_each_setting_survives_the_round_trip_alone(path: str, text: str) -> None:
    values = [(path, text)]
    if path in WITH:
        values.insert(0, WITH[path])
    if path in ("storage.swap2", "storage.data2"):
        values.append(WITH["storage.app_disks"])
    if text == "static":
        values.append(ADDRESSES[path])
    if path.endswith("_gateway"):
        values.append(ADDRESSES[WITH[path][0]])
    config = built(*values)
    assert read_back(config) == config


def by_itself(parameter: Parameter) -> bool:
    """Whether each word of a parameter decides one setting, which is no secret, and nothing else."""
    if len(parameter.words) > 1 and parameter.words[0].name == "iscsi_server":
        return False  # two words say a target together
    if parameter.words and parameter.words[0].name == "iscsi_install":
        return False  # which is wrong without them
    filled = {path for word in parameter.words for path in word.fills}
    return len(filled) == 1 and not defaults().setting(*filled).secret and "boot.words" not in filled


BY_ITSELF = [(word.fills[0], word) for each in PARAMETERS if by_itself(each) for word in each.words]


@pytest.mark.parametrize(("path", "word"), BY_ITSELF, ids=lambda each: each if isinstance(each, str) else each.name)
def test_an_example_is_no_default_and_survives_the_round_trip(path: str, word: Word) -> None:
    config = defaults().put(path, word.grammar(word.example))
    assert config != defaults()
    assert read_back(config) == config


def test_secrets_are_not_written() -> None:
    config = built(("users.admin_password", SECRET), ("users.root_password", SECRET), ("users.expired", "yes"))
    assert words(config) == ()


def test_disks_are_written_as_they_are_meant_or_by_names_that_last() -> None:
    config = built(("storage.boot_disk", "/dev/vda"), ("storage.data_disks", "/dev/vdb"))
    line = "storage_init=/dev/disk/by-id/virtio-a0001,/dev/disk/by-id/virtio-b0001"
    assert words(lasting(config, TWO)) == (line,)
    assert words(config) == ("storage_init=/dev/vda,/dev/vdb",)


def test_a_password_of_the_line_is_for_one_login() -> None:
    assert fills(f"adminpw={SECRET}")["users.expired"] == "yes"
    assert fills(f"adminpw={SECRET} password_expired=no")["users.expired"] == "no"
    found = understand(read(f"rootpw={SECRET}"), PLAIN).config[Users]
    assert (found.admin_password, found.root_password) == (Crypted(SECRET), Crypted(SECRET))


def test_the_installer_starts_from_the_kernel_line() -> None:
    draft = Draft(PLAIN)
    put_line(draft, "root=live:CDLABEL=OVIRT-NODE console=tty0 console=ttyS0,115200n8 keyboard=de uninstall vlan=nine")
    assert draft.errors == {}
    assert draft.config == built(("keyboard.layout", "de"), ("boot.words", "console=tty0 console=ttyS0,115200n8"))
