"""The kernel dump: what words say of it, how memory is set aside, and the programs that do it."""

from __future__ import annotations

import re

import pytest

from bootmenu.node_data import CRASH_FILE, crash_file
from brought import brought
from machines import with_
from ovirt_tui.autoinstall.cmdline import read
from ovirt_tui.features.drift import drift
from ovirt_tui.features.order import defaults
from ovirt_tui.features.resolution import resolve
from ovirt_tui.features.rules import SETUP_RULES, check
from ovirt_tui.model.network import Account, Export
from ovirt_tui.model.public_keys import SshKey
from ovirt_tui.model.values import KernelWords
from ovirt_tui.pages.boot import CRASHKERNEL
from ovirt_tui.pages.kdump.feature import HOST_KEY, PROGRAM, RESERVED, SERVICE, SETTINGS
from ovirt_tui.pages.kdump.server import SCAN, ask_host_key
from ovirt_tui.pages.kdump.settings import PUBLIC_KEY, Target
from ovirt_tui.pages.kdump.state import FOLDERS, LINE, LOADED, NOTE, SIZE, kept, last, ready
from ovirt_tui.plan.actions import SETUP
from ovirt_tui.plan.runner import changes, run
from ovirt_tui.system import StepFailed
from ovirt_tui.system.disk_steps import CrashMemory
from ovirt_tui.system.fake import FakeSystem
from ovirt_tui.system.steps import Absent, Restart, Run
from test_parity import fills

NODE = with_(slot="Root")
BASE = defaults().put("users.root_locked", True)
OFF = BASE.put("kdump.target", Target.OFF)


def test_a_dump_is_local_unless_a_word_says_otherwise() -> None:
    assert fills("") == {}
    assert fills("disable_kdump") == {"kdump.target": "off"}
    assert fills("disable_kdump=0") == {"kdump.target": "local"}
    assert brought(BASE, NODE).files[SETTINGS] == "TARGET=local\n"
    assert SETTINGS not in brought(OFF, NODE).files


def test_the_memory_is_what_the_kernel_understands_and_grub_hands_on() -> None:
    assert re.fullmatch(CRASHKERNEL, RESERVED.removeprefix("crashkernel="))
    assert crash_file(RESERVED) == (CRASH_FILE, f"# GRUB Environment Block\ncrash={RESERVED}\n")
    assert CrashMemory("", RESERVED) in brought(BASE, NODE).made


def test_a_word_of_the_installation_decides_alone_how_much_memory_it_is() -> None:
    own = BASE.put("boot.words", KernelWords("quiet crashkernel=96M"))
    assert not any(isinstance(step, CrashMemory) and step.word for step in brought(own, NODE).made)
    assert brought(own, NODE).files[SETTINGS] == "TARGET=local\n"


def test_what_is_switched_off_is_taken_away() -> None:
    system = brought(BASE, NODE)
    system.earlier, system.made = system.made, []
    assert not drift(BASE, system, NODE)
    made = [step for each in changes(SETUP, BASE, OFF, NODE, system) for step in each.steps]
    assert {CrashMemory("", ""), Absent(SETTINGS), Restart(SERVICE)} <= set(made)
    system.files.pop(SETTINGS)
    assert {each.path for each in drift(BASE, system, NODE).differences} == {"kdump.target"}


@pytest.mark.parametrize(
    ("size", "loaded", "line", "said"),
    [
        ("268435456", "1", "crashkernel=2G-:256M", "yes, with 256 MiB set aside"),
        ("268435456", "0", "crashkernel=2G-:256M", "no: 256 MiB are set aside, but nothing is loaded"),
        ("0", "0", "quiet crashkernel=2G-:256M", "no: this machine has too little memory"),
        ("0", "0", "quiet", "no: memory is set aside at the next restart"),
        ("x", "0", "quiet", "unknown"),
    ],
)
def test_the_page_says_whether_a_crash_would_be_saved(size: str, loaded: str, line: str, said: str) -> None:
    system = FakeSystem(NODE, files={SETTINGS: "TARGET=local\n", SIZE: size, LOADED: loaded, LINE: line})
    assert ready(system, NODE).startswith(said)


def test_the_page_names_the_dumps() -> None:
    system = FakeSystem(NODE)
    assert (last(system, NODE), kept(system, NODE), ready(system, NODE)) == ("none", "none", "no: it is off")
    system.files = {NOTE: "saved\n", f"{FOLDERS[0]}/2026-11-22T15-49-41Z": "", f"{FOLDERS[1]}/2026-01-01T00-00-00Z": ""}
    assert last(system, NODE) == "saved"
    assert kept(system, NODE).splitlines() == [
        f"{FOLDERS[0]}/2026-11-22T15-49-41Z",
        f"{FOLDERS[1]}/2026-01-01T00-00-00Z",
    ]


KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAICY3JydQhhTfSZun1DmnNlPY7SLOjFCcD9Njb1j7COaa"
BY_SSH = BASE.put("kdump.target", Target.SSH).put("kdump.ssh", Account("crash@[2001:db8::9]"))


def test_where_it_goes_is_a_file_that_programs_read_and_save_tries_the_server() -> None:
    system = brought(BY_SSH.put("kdump.host_key", SshKey(KEY)), NODE)
    assert system.files[SETTINGS] == "TARGET=ssh\nACCOUNT=crash\nHOST=2001:db8::9\n"
    assert system.files[HOST_KEY] == f"2001:db8::9 {KEY}\n"
    made = [step for step in system.made if isinstance(step, Run | Restart) and "kdump" in str(step)]
    assert made == [Run((PROGRAM, "test")), Restart(SERVICE)]
    nfs = BASE.put("kdump.target", Target.NFS).put("kdump.nfs", Export("nfs.example.com:/dumps"))
    assert brought(nfs, NODE).files[SETTINGS] == "TARGET=nfs\nSHARE=nfs.example.com:/dumps\n"
    for config in (BY_SSH, BY_SSH.put("kdump.host_key", SshKey(f"{KEY} of the server")), nfs):
        system = brought(config, NODE)
        system.earlier, system.made = system.made, []
        assert not drift(config, system, NODE)


def test_a_server_that_cannot_be_written_to_brings_back_what_was_before() -> None:
    system = brought(BASE, NODE)
    system.earlier, system.made = system.made, []
    system.fails_at = Run((PROGRAM, "test"))
    with pytest.raises(StepFailed):
        run(changes(SETUP, BASE, BY_SSH, NODE, system), system, lambda progress: None)
    assert system.files[SETTINGS] == "TARGET=local\n"


def test_the_host_key_is_shown_and_taken() -> None:
    asked = (*SCAN, "2001:db8::9")
    said = f"# 2001:db8::9:22 SSH-2.0-x\n2001:db8::9 ssh-rsa AAAA\n2001:db8::9 {KEY}\n"
    config = resolve(BY_SSH, NODE).config
    answer = ask_host_key(FakeSystem(NODE, outputs={asked: said}), config, NODE)
    assert SshKey(KEY).fingerprint in answer.text and "ssh-ed25519" in answer.text
    assert [way.puts for way in answer.ways] == [(("kdump.host_key", KEY),)]
    for said in ("", "2001:db8::9 ssh-ed25519 AAAA\n"):
        with pytest.raises(StepFailed, match="host key"):
            ask_host_key(FakeSystem(NODE, outputs={asked: said}), config, NODE)


def test_who_asks_for_a_host_key_without_ssh_is_told_to_choose_it() -> None:
    """The account could not be given: its field takes no keys until ssh is chosen."""
    answer = ask_host_key(FakeSystem(NODE), resolve(BASE, NODE).config, NODE)
    assert answer.text.startswith("Choose ssh above") and not answer.ways


@pytest.mark.parametrize("path", ["kdump.ssh", "kdump.nfs"])
def test_a_server_must_be_named(path: str) -> None:
    config = BASE.put("kdump.target", Target(path.rpartition(".")[2]))
    assert [each.path for each in check(config, NODE, SETUP_RULES)] == [path]


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("kdump_ssh=a@h kdump_nfs=h:/d", "kdump_nfs: conflicts with kdump_ssh"),
        ("kdump_nfs=h:/d disable_kdump", "disable_kdump: conflicts with kdump_nfs"),
        (f"kdump_ssh_host_key='{KEY}'", "kdump_ssh_host_key: "),
        ("kdump_ssh=-oProxyCommand=x@h", "kdump_ssh: not user@host"),
        ("kdump_ssh=a@h;reboot", "kdump_ssh: not user@host"),
        ("kdump_nfs=h:/$(reboot)", "kdump_nfs: not host:/path"),
        ("kdump_ssh=a@h kdump_ssh_key=/root/key", "kdump_ssh_key: not an http(s) URL, and not own"),
    ],
)
def test_words_that_cannot_be(line: str, wrong: str) -> None:
    assert any(str(each).startswith(wrong) for each in read(line).complaints), read(line).complaints


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_private_key_at_an_address_is_refused_with_what_replaces_it(scheme: str) -> None:
    reading = read(f"kdump_ssh=a@h kdump_ssh_key={scheme}://h/key")
    assert not reading.complaints, "it is a word of before, rightly spelled"
    reading.refuse()
    (refused,) = reading.complaints
    assert refused.parameter == "kdump_ssh_key" and "say own" in refused.text and PUBLIC_KEY in refused.text
    reading = read("kdump_ssh=a@h kdump_ssh_key=own")
    reading.refuse()
    assert not reading.complaints
