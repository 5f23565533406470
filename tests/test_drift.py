"""The commands drift and apply: what they say, what they change, and how they end."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from brought import brought
from machines import MACHINES, PLAIN, with_
from ovirt_tui.__main__ import main
from ovirt_tui.distro.network_manager import FOLDER
from ovirt_tui.features.order import defaults
from ovirt_tui.model.network import Hostname
from ovirt_tui.model.public_keys import SshKey
from ovirt_tui.model.selectors import NicSelector
from ovirt_tui.pages.security import AUTHORIZED_KEYS
from ovirt_tui.plan.actions import SAVED
from ovirt_tui.plan.saved import saved_config
from ovirt_tui.reference.schema import DOCUMENTS, schema
from ovirt_tui.system import StepFailed
from ovirt_tui.system.disk_steps import BootPassword
from ovirt_tui.system.fake import FakeSystem
from ovirt_tui.system.steps import Entry, File, Password, Restart, Run
from test_documents import wrong
from test_public_keys import GOOD

NODE = with_(slot="Root")
NODE1 = (
    defaults()
    .put("network.hostname", Hostname("node1"))
    .put("network.nic", NicSelector("eth0"))
    .put("users.root_locked", True)
    .put("users.ssh_keys", (SshKey(GOOD[0]),))
)
HASH = "$6$salt$topsecret"


def node() -> FakeSystem:
    system = brought(NODE1, NODE)
    system.earlier, system.made = system.made, []
    return system


def status(system: FakeSystem, *argv: str) -> int:
    return main(list(argv), lambda: system)


def answers(tmp_path: Path, *lines: str) -> str:
    path = tmp_path / "answers.toml"
    path.write_text("".join(f"{line}\n" for line in lines))
    return str(path)


def as_json(capsys: pytest.CaptureFixture[str], system: FakeSystem, ends: int, *argv: str) -> dict[str, Any]:
    capsys.readouterr()
    assert status(system, *argv, "--json") == ends
    document: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert wrong(document, schema(DOCUMENTS[argv[0]])) == []
    return document


def test_a_node_that_is_as_it_was_saved_has_no_drift(capsys: pytest.CaptureFixture[str]) -> None:
    system = node()
    assert status(system, "drift") == 0
    assert capsys.readouterr().out == "This node is as it was saved.\n"
    assert as_json(capsys, system, 0, "drift") == {
        "differences": [],
        "saved": {},
        "found": {},
        "altered": [],
        "problems": [],
    }
    assert system.made == []


def test_drift_names_settings_with_both_values_and_files_by_their_names(capsys: pytest.CaptureFixture[str]) -> None:
    system = node()
    system.files["/etc/hostname"] = "node9\n"
    system.files["/etc/hosts"] = "192.0.2.9 other\n127.0.1.1 somebody\n"
    system.files["/etc/default/keyboard"] = "KEYMAP='\n"
    system.files[AUTHORIZED_KEYS] = ""
    assert status(system, "drift") == 3
    lines = capsys.readouterr().out.splitlines()
    key = SshKey(GOOD[0])
    somewhere = "something it has no setting for (/etc/default/keyboard)"
    assert lines == [
        f"Keyboard layout (keyboard.layout): saved as us, changed outside this program to {somewhere}",
        f"SSH keys of admin (users.ssh_keys): saved as {key.fingerprint} {key.comment}, "
        "changed outside this program to nothing",
        "Host name (network.hostname): saved as node1, changed outside this program to node9",
        "/etc/hosts does not say any more what this program wrote: "
        "have canonical=node1 in the entry ipaddr=127.0.1.1 of /etc/hosts",
    ]
    found = as_json(capsys, system, 3, "drift")
    assert [each["path"] for each in found["differences"]] == [
        "keyboard.layout",
        "users.ssh_keys",
        "network.hostname",
    ]
    assert found["saved"] == {"keyboard.layout": "us", "users.ssh_keys": [GOOD[0]], "network.hostname": "node1"}
    assert found["found"] == {"users.ssh_keys": [], "network.hostname": "node9"}
    assert [each["path"] for each in found["altered"]] == ["/etc/hosts"]
    assert system.made == []


def test_where_there_is_nothing_to_compare_drift_says_so(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    medium = FakeSystem(PLAIN)
    assert as_json(capsys, medium, 2, "drift")["problems"][0]["text"] == "this is no installed node"
    file = answers(tmp_path, 'network.hostname = "node2"')
    assert as_json(capsys, medium, 2, "apply", "--answers", file)["problems"][0]["text"] == "this is no installed node"
    assert medium.made == []
    empty = FakeSystem(NODE)
    assert as_json(capsys, empty, 1, "drift")["problems"][0]["text"] == f"there is no file {SAVED}"

    class Blind(FakeSystem):
        """Cannot be looked at."""

        def text(self, path: str) -> str:
            if path == "/etc/hostname":
                raise StepFailed("cat did not end within 60 seconds")
            return super().text(path)

    blind = Blind(NODE, files=node().files)
    assert status(blind, "drift") == 1
    assert "cat did not end" in capsys.readouterr().err


def test_apply_does_what_differs_and_then_nothing(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    said = {"network.hostname": "node2", "users.admin_password": HASH, "users.boot_password": BOOT}
    system, file = node(), answers(tmp_path, *(f'{path} = "{value}"' for path, value in said.items()))
    assert status(system, "apply", "--check", "--answers", file) == 3
    told = capsys.readouterr()
    assert "write /etc/hostname" in told.out and "topsecret" not in told.out and system.made == []
    assert status(system, "apply", "--answers", file) == 0
    assert capsys.readouterr().out == told.out
    made = [step for step in system.made if isinstance(step, File)]
    assert [step.path for step in made] == ["/etc/hostname", SAVED]
    assert {type(step) for step in system.made} == {File, Entry, Run, Password, BootPassword}
    assert "topsecret" not in "".join(step.content for step in made)
    system.made.clear()
    assert status(system, "apply", "--answers", file) == 0


BOOT = "grub.pbkdf2.sha512.10000.5A17.0123456789ABCDEF"


def test_apply_asks_the_machine_and_not_memory(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = answers(tmp_path, 'network.hostname = "node1"')
    system = node()
    assert status(system, "apply", "--answers", file) == 0 and system.made == []
    assert capsys.readouterr().out == "Nothing to do: nothing differs.\n"
    assert status(system, "apply", "--check", "--answers", file) == 0
    system.files["/etc/hostname"] = "node9\n"
    assert status(system, "apply", "--check", "--answers", file) == 3 and system.made == []
    document = as_json(capsys, system, 0, "apply", "--answers", file)
    assert document["made"] and document["config"] == {"network.hostname": "node1"}
    assert {each["title"] for each in document["steps"]} == {"Setting the host name"}
    assert system.files["/etc/hostname"] == "node1\n"
    assert not any(isinstance(step, Restart) for step in system.made)
    assert as_json(capsys, system, 0, "apply", "--answers", file)["steps"] == []


def test_what_the_file_does_not_say_stays(tmp_path: Path) -> None:
    """A file with a keyboard layout must not take the network away over which it came."""
    system = node()
    assert status(system, "apply", "--answers", answers(tmp_path, 'keyboard.layout = "de"')) == 0
    assert f"{FOLDER}/ovirt-node-eth0.nmconnection" in system.files
    after = saved_config(system, NODE)
    assert after == NODE1.put("keyboard.layout", after.get("keyboard.layout"))
    assert after.get("keyboard.layout") == "de"
    assert status(system, "apply", "--answers", answers(tmp_path, 'network.nic = ""')) == 0
    assert f"{FOLDER}/ovirt-node-eth0.nmconnection" not in system.files


def test_the_answers_of_an_installation_are_taken_without_their_disks(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """On the node that was installed with them, whose disks are in use by now."""
    used = MACHINES["node-installed"]
    facts = with_(slot="Root", disks=used.disks, groups=used.groups, nodes=used.nodes)
    system = brought(NODE1, facts)
    system.made = []
    said = 'storage = {boot_disk = "/dev/vdq", overcommit = 0.7}', 'network = {nic = "eth0", hostname = "node1"}'
    file = answers(tmp_path, *said)
    document = as_json(capsys, system, 3, "apply", "--check", "--answers", file)
    assert document["problems"] == []
    told = {each["path"]: each["text"] for each in document["notes"]}
    assert told["storage.boot_disk"] == "decided when a node is installed; it changes nothing here"
    assert told["storage.overcommit"] == told["storage.boot_disk"]
    assert set(document["config"]) == {"network.nic", "network.hostname"}


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('network.hostname = "?"', "network.hostname: "),
        ('network.hostnme = "a"', "network.hostnme: "),
        ('network = {ipv4 = "static", ipv4_address = "192.0.2.0/24"}', "192.0.2.0 is no address"),
        ('network.nic = "eth7"', "network.nic: "),
        ("hostname=node1", "is no TOML"),
    ],
)
def test_what_is_wrong_is_refused_before_anything_is_changed(
    line: str, told: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    system, file = node(), answers(tmp_path, 'keyboard.layout = "de"', line)
    for more in ((), ("--check",)):
        assert status(system, "apply", "--answers", file, *more) == 2
        said = capsys.readouterr()
        assert told in said.err and said.out == "" and system.made == []
    document = as_json(capsys, system, 2, "apply", "--answers", file)
    assert document["problems"] and document["steps"] == [] and not document["made"]


def test_what_was_wrong_before_is_in_nobodys_way(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """An interface that is gone keeps nobody from setting the keyboard."""
    gone = with_(slot="Root", nics=())
    system = brought(NODE1, gone)
    assert status(system, "apply", "--answers", answers(tmp_path, 'keyboard.layout = "de"')) == 0
    assert saved_config(system, gone).get("network.nic") == "eth0"
    assert status(system, "apply", "--answers", answers(tmp_path, 'network.ipv4 = "static"')) == 2


def test_a_step_that_fails_is_taken_back_and_told(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    system, file = node(), answers(tmp_path, "users.ssh_password_login = true")
    before = dict(system.files)
    system.fails_at = Restart("ssh.service")
    assert status(system, "apply", "--answers", file) == 1
    assert "could not restart ssh.service" in capsys.readouterr().err
    assert system.files == before


@pytest.mark.parametrize("file", ["", "/nowhere"])
def test_a_file_that_cannot_be_read_is_refused(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    (problem,) = as_json(capsys, node(), 2, "apply", "--answers", file)["problems"]
    assert problem["parameter"] == "--answers"


def test_a_node_replays_its_own_answers(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """What export says of a node, applied to it, changes nothing."""
    system = node()
    assert status(system, "export", "--as", "answers") == 0
    file = answers(tmp_path, *capsys.readouterr().out.splitlines())
    assert 'hostname = "node1"' in Path(file).read_text()
    assert status(system, "apply", "--answers", file) == 0 and system.made == []


def test_entries_of_others_are_theirs() -> None:
    """An admin's own line in /etc/hosts is no drift."""
    system = node()
    system.files["/etc/hosts"] += "192.0.2.9 other\n"
    assert status(system, "drift") == 0
