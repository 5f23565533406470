"""Answer files: what is written is read back, what is wrong is said, and nothing raises."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from random import Random
from time import process_time
from typing import Any

import pytest
from hypothesis import Phase, example, find, given, settings
from hypothesis import strategies as st

from json_schema import wrong
from machines import MACHINES, PLAIN
from models import configs, values
from ovirt_tui.__main__ import main
from ovirt_tui.autoinstall import answers
from ovirt_tui.autoinstall.answers import DEEPEST, LONGEST, Layer
from ovirt_tui.autoinstall.cmdline import Reading, read
from ovirt_tui.autoinstall.request import Intent
from ovirt_tui.autoinstall.understand import Understood, understand
from ovirt_tui.features.order import defaults
from ovirt_tui.machine.facts import dump
from ovirt_tui.model import plain
from ovirt_tui.model.config import NodeConfig, Setting
from ovirt_tui.model.public_keys import SshKey
from ovirt_tui.model.secrets import Crypted
from ovirt_tui.model.values import KernelWords, Ratio, Size, is_secret, parse, show
from ovirt_tui.reference.schema import answer_file

EVERY = settings(max_examples=150)
FIRST = settings(EVERY, phases=(Phase.generate,), database=None)
"""The first one will do: it need not be the simplest."""
HASH = "$6$salt$topsecret"
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAICY3JydQhhTfSZun1DmnNlPY7SLOjFCcD9Njb1j7COaa admin@example.com"
SETTINGS = tuple(defaults().settings())
INSTALLING = f"""
[storage]
boot_disk = "/dev/vda"
[network]
nic = "eth0"
[users]
admin_password = "{HASH}"
"""


def layer(text: str, name: str = "node7.toml") -> Layer:
    return answers.read(name, text.encode())


def said(found: Layer) -> NodeConfig:
    """The defaults with what a file says."""
    config = defaults()
    for path, value in found.values.items():
        config = config.put(path, value)
    return config


def meaning(*texts: str, line: str = "", machine: str = "two-disks") -> Understood:
    """What files, named 1, 2, ..., and a line after them mean."""
    layers = (layer(text, str(number)) for number, text in enumerate(texts, 1))
    reading = read(line) if line else Reading()
    return understand(reading.over(layers), MACHINES[machine])


def complaints(found: Understood) -> list[str]:
    return [str(each) for each in found.complaints]


@EVERY
@given(configs())
@example(defaults().put("boot.words", KernelWords('a="\\ \u00e9\U0001f600" b')))
@example(defaults().put("storage.overcommit", Ratio(1e-7)).put("storage.data", Size(-1)))
def test_what_is_written_is_read_back(config: NodeConfig) -> None:
    written = answers.write(config)
    found = layer(written)
    assert found.problems == () and said(found) == config.public()
    assert wrong(tomllib.loads(written), answer_file()) == []
    assert answers.write(said(found)) == written


@EVERY
@given(st.sampled_from(SETTINGS).flatmap(lambda each: st.tuples(st.just(each), values(each.type))))
def test_each_value_is_one_in_plain_and_as_text(drawn: tuple[Setting, Any]) -> None:
    setting, value = drawn
    if not setting.secret:
        assert plain.typed(setting.type, plain.plain(value)) == value
        assert parse(setting.type, show(value)) == value


ODD = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=9)
    | st.sampled_from(("yes", "10G", "-1")),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
)


@EVERY
@given(st.sampled_from(SETTINGS), ODD)
def test_what_the_schema_refuses_is_refused(setting: Setting, given_: Any) -> None:
    table, _, name = setting.path.partition(".")
    try:
        plain.typed(setting.type, given_)
    except ValueError as error:
        assert str(error)
    else:
        assert wrong({table: {name: given_}}, answer_file()) == []


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda each: each.path)
def test_every_setting_can_be_said_in_a_file_and_only_secrets_are_not_written(setting: Setting) -> None:
    def other(value: object) -> bool:
        return value not in (None, setting.default)

    written = answers.write(defaults().put(setting.path, find(values(setting.type), other, settings=FIRST)))
    assert (setting.name in written) != setting.secret
    described = answer_file()["properties"][setting.section.prefix]["properties"][setting.name]
    assert described["title"] == setting.label


@pytest.mark.parametrize(
    ("text", "place", "problem"),
    [
        ("[users]\nexpired = 'yes'", "users.expired", "must be true or false"),
        ("[network]\nvlan = '7'", "network.vlan", "must be an integer, a VLAN number from 1 to 4094"),
        ("[network]\nvlan = true", "network.vlan", "must be an integer"),
        ("[network]\nvlan = 7.0", "network.vlan", "must be an integer"),
        ("[network]\nvlan = 4095", "network.vlan", "from 1 to 4094"),
        ("[network]\nhostname = 7", "network.hostname", "must be a string, a host name"),
        ("[network]\nhostname = 2026-01-01", "network.hostname", "must be a string"),
        ("[network]\ndns = '192.0.2.1'", "network.dns", "must be an array"),
        ("[network]\ndns = ['192.0.2.1', 'a']", "network.dns", "number 2 of the list must be"),
        ("[network]\nlayout = 'Direct'", "network.layout", 'must be one of "direct", "bridged"'),
        ("[storage]\nroot = '10GB'", "storage.root", 'one with a unit such as "10G"'),
        ("[storage]\novercommit = inf", "storage.overcommit", "must be a number such as 0.5"),
        ("[storage]\novercommit = nan", "storage.overcommit", "must be a number such as 0.5"),
        ("[boot]\nwords = 'a\\u001b[2J'", "boot.words", ""),
        ('[boot]\nwords = "a\\u001b[2J"', "boot.words", "must be a string, words of a kernel"),
        (f"[users]\nadmin_password = '{HASH}:'", "users.admin_password", "must be a string, a password hash"),
        ("[users]\nssh_keys = ['ssh-dss AAAA']", "users.ssh_keys", "number 1 of the list DSA keys"),
        ("network = 5", "network", "is a section"),
        ("[[network]]", "network", "is a section"),
        ("[netwrok]\nnic = 'eth0'", "netwrok", "is no section; did you mean [network]?"),
        ("[else]", "else", "is no section; there are [storage], "),
        ("[network]\nhost_name = 'a'", "network.host_name", "is no setting; did you mean network.hostname?"),
        ("[storage]\nhostname = 'a'", "storage.hostname", "did you mean network.hostname?"),
        ("hostname = 'a'", "hostname", "did you mean network.hostname?"),
        ("[keyboard]\nzzz = 1", "keyboard.zzz", "is no setting; [keyboard] has layout"),
        ("[network.hostname]\na = 1", "network.hostname", "must be a string"),
        ('"\\u001b[2J" = 1', "\\x1b[2J", "is no section"),
        ("'' = 1", '""', "is no section"),
        ("[network]\n\nhostname = node1", "", "is no TOML: Invalid value (at line 3, column 12)"),
        ("[network]\nnic = 'a'\nnic = 'b'", "", "is no TOML: Cannot overwrite a value"),
        ("storage_init=/dev/vda", "", "is no TOML"),
    ],
)
def test_what_is_wrong_is_said_at_its_place(text: str, place: str, problem: str) -> None:
    if not problem:  # a literal string has no escapes
        assert layer(text).problems == ()
        return
    (found,) = layer(text).problems
    assert found.path == place and problem in found.text
    assert "topsecret" not in found.text


def test_everything_wrong_is_said_at_once_and_what_is_right_counts() -> None:
    found = layer("[network]\nvlan = 0\nhostnme = 'a'\nhostname = 'b'\n[storage]\nroot = true\n[x]\n")
    assert [each.path for each in found.problems] == ["network.vlan", "network.hostnme", "storage.root", "x"]
    assert found.values == {"network.hostname": "b"}
    assert found.named == {"network.vlan", "network.hostname", "storage.root"}


HOSTILE = {
    "a file without end": b"#" * (LONGEST + 1),
    "no text": b"[network]\nhostname = '\xff\xfe'",
    "arrays in arrays": b"x = " + b"[" * 20000,
    "tables in tables": b"x = " + b"{a=" * 15000,
    "a long key": b".".join([b"a"] * 30000) + b" = 1",
    "a long quoted key": b".".join([b"'.'"] * 10000) + b" = 1",
    "an integer without end": b"x = " + b"9" * 60000,
    "an integer that is no float": b"[storage]\novercommit = 0x" + b"f" * 60000,
    "a float without end": b"[storage]\novercommit = 1" + b"0" * 60000 + b".0",
    "a selector without end": b"[storage]\nboot_disk = '" + b"/dev/" * 12000 + b"\x1b'",
    "many names": b"\n".join(b"k%d = 1" % number for number in range(2000)),
    "UTF-16": "[network]\nnic = 'eth0'\n".encode("utf-16"),
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE)
def test_no_file_is_too_much(content: bytes) -> None:
    start = process_time()
    found = answers.read("\x1b]0;file", content)
    assert process_time() - start < 3
    assert found.problems and not found.values
    for each in understand(Reading().over((found,)), PLAIN).complaints:
        assert len(str(each)) < 1000 and str(each).isprintable()


def test_depth_is_counted_in_keys_only() -> None:
    dots = "." * (DEEPEST * 2)
    assert layer(f"# {dots}\n[boot]\nwords = '{dots}' # {dots}\n").problems == ()
    assert layer(f"\ufeff[boot]\r\nwords = 'a{dots}'\r\n").values == {"boot.words": f"a{dots}"}


PIECES = [
    *(
        b"[network]",
        b"[[users]]",
        b"=",
        b"'",
        b'"',
        b'"""',
        b"\n",
        b"{",
        b"}",
        b"[",
        b"]",
        b".",
        b",",
        b"#",
        b"\\u",
        b"\x00",
    ),
    *(
        b"true",
        b"inf",
        b"1979-05-27",
        b"0x",
        b"1e400",
        b"\xff",
        "\u202e\u00e9".encode(),
        b"hostname",
        b"network.",
        b"-",
    ),
]


def mutated(content: bytes, dice: Random) -> bytes:
    """*content* with some of it changed, left out, doubled or put elsewhere, but for a secret: elsewhere it is none."""
    text = bytearray(content)
    for _ in range(dice.randint(1, 6)):
        at, to = sorted(dice.randrange(len(text) + 1) for _ in range(2))
        match dice.randrange(4):
            case 0:
                text[at : at + 1] = bytes([dice.randrange(256)])
            case 1:
                del text[at : min(to, at + 9)]
            case 2:
                text[at:at] = dice.choice(PIECES)
            case 3:
                piece = text[to : to + dice.randint(1, 30)]
                text[at:at] = piece if b"topsecret" not in piece else b""
    return bytes(text)


@settings(EVERY, max_examples=100)
@given(configs(), st.integers(0, 2**32))
def test_a_mutated_file_raises_nothing_but_problems(config: NodeConfig, seed: int) -> None:
    dice = Random(seed)
    written = f"{answers.write(config)}\n{INSTALLING.replace('storage', 'x')}".encode()
    for _ in range(5):
        found = answers.read("a", mutated(written, dice))
        for each in understand(Reading().over((found,)), MACHINES["two-disks"]).complaints:
            assert str(each).encode() and "topsecret" not in str(each)


def test_a_file_that_decides_the_boot_disk_installs() -> None:
    found = meaning(INSTALLING)
    assert complaints(found) == [] and found.intent is Intent.INSTALL
    assert found.config == meaning(line=f"storage_init=/dev/vda BOOTIF=eth0 adminpw={HASH} password_expired=no").config
    assert meaning("[network]\nhostname = 'a'").intent is Intent.INTERACTIVE
    assert meaning(INSTALLING, "[storage]\nboot_disk = ''").intent is Intent.INTERACTIVE
    assert meaning("[storage]\nboot_disk = 5").intent is Intent.INSTALL
    assert meaning(INSTALLING, line="rescue").intent is Intent.RESCUE
    assert meaning(INSTALLING, line="hostname=a").intent is Intent.INSTALL
    assert complaints(meaning(INSTALLING.replace('"eth0"', '""'))) == []
    assert "network.nic: required for automatic installation" in complaints(meaning(INSTALLING.replace("nic", "#")))


def test_a_later_file_wins_and_the_line_wins_over_all() -> None:
    first, second = "[network]\nhostname = 'a'\nvlan = 1\nnic = 'eth0'", "[network]\nhostname = 'b'\nvlan = 2"
    config = meaning(first, second, line="vlan=3").config
    assert [show(config.get(f"network.{name}")) for name in ("hostname", "vlan", "nic")] == ["b", "3", "eth0"]
    assert meaning(first, "[network]\nvlan = ''").config.get("network.vlan") is None
    disks = meaning(INSTALLING, "[storage]\ndata_disks = ['/dev/vdb']", line="storage_init=/dev/vda").config
    assert disks.get("storage.data_disks") == ()


def test_a_problem_names_the_file_or_the_parameter_that_decided() -> None:
    local = "[network]\nhostname = 'localhost'"
    text = "localhost means every machine itself; choose another"
    assert complaints(meaning(local)) == [f"1: network.hostname: {text}"]
    assert complaints(meaning(local, "[network]\nnic = 'eth0'", line="ip=dhcp")) == [f"1: network.hostname: {text}"]
    assert complaints(meaning("[network]\nhostname = 'a'", local)) == [f"2: network.hostname: {text}"]
    assert complaints(meaning("[network]\nhostname = 'a'", line="hostname=localhost")) == [f"hostname: {text}"]
    assert complaints(meaning(INSTALLING.replace("admin", "root"))) == [
        "users.admin_password: admin needs a password, or nobody can log in"
    ]
    (wrong_disk,) = complaints(meaning(INSTALLING.replace("vda", "vdq")))
    assert wrong_disk.startswith("1: storage.boot_disk: /dev/vdq does not exist")


def test_the_way_out_is_said_in_the_form_of_who_asked() -> None:
    (found,) = complaints(meaning(INSTALLING, machine="foreign-group"))
    (_place, way) = found.split("\n  ")
    assert way.startswith('storage.override = ["/dev/') and way.endswith("erases it all the same")
    key = way.partition(" = ")[2].removesuffix(" erases it all the same")
    assert complaints(meaning(INSTALLING, f"storage.override = {key}", machine="foreign-group")) == []


def test_an_interrupted_installation_goes_on_by_either_door() -> None:
    by_line = meaning(line=f"storage_init=/dev/vda BOOTIF=eth0 adminpw={HASH}", machine="interrupted")
    by_file = meaning(INSTALLING, machine="interrupted")
    assert complaints(by_file) == complaints(by_line) == []
    assert by_file.config.get("storage.found") == by_line.config.get("storage.found")
    assert [each.text for each in by_file.notes] == [each.text for each in by_line.notes]
    decided = meaning("[storage]\nfound = 'refuse'", line="storage_init=/dev/vda BOOTIF=none", machine="interrupted")
    assert any("holds" in each for each in complaints(decided))


def test_what_has_no_effect_is_a_note() -> None:
    (note,) = meaning("[network]\nnic = 'eth0'\nipv4_address = '192.0.2.7/24'").notes
    assert str(note) == "1: network.ipv4_address: has no effect beside the other settings"


@pytest.mark.parametrize("words", ["init=/bin/sh", "quiet systemd.debug-shell=1", "my.token=5", f"a={HASH}", 'a"b c"'])
def test_words_that_a_line_never_leaves_are_refused_in_a_file(words: str) -> None:
    (found,) = complaints(meaning(f"[boot]\nwords = '{words}'"))
    assert "cannot be kept for the installed system" in found and "topsecret" not in found
    assert complaints(meaning("[boot]\nwords = 'quiet x=1 console=ttyS0,115200'")) == []


def test_secrets_are_taken_and_never_written() -> None:
    config = said(layer(INSTALLING))
    assert config.get("users.admin_password") == Crypted(HASH)
    assert HASH not in answers.write(config) and "password" not in answers.write(config)
    assert [each.path for each in SETTINGS if is_secret(each.type) != each.secret] == []
    assert said(layer(f"[users]\nssh_keys = ['{KEY}']")).get("users.ssh_keys") == (SshKey(KEY),)


def test_files_standard_input_and_a_line_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    machine, file = tmp_path / "machine.json", tmp_path / "site.toml"
    machine.write_text(dump(MACHINES["two-disks"]))
    file.write_text(INSTALLING)

    def run(status: int, *argv: str, typed: str = "") -> Any:
        stdin = tmp_path / "stdin"
        stdin.write_text(typed)
        with stdin.open() as stream:
            monkeypatch.setattr("sys.stdin", stream)
            assert main([*argv, "--json", "--machine", str(machine)]) == status
        return json.loads(capsys.readouterr().out)

    found = run(0, "check", "--answers", str(file), "-", "--cmdline", "vlan=3", typed="network.hostname = 'a'\n")
    assert found["mode"] == "auto-install" and found["config"]["network.vlan"] == 3
    assert found["config"]["network.hostname"] == "a" and found["config"]["users.admin_password"] == "***"
    found = run(2, "plan", "--answers", str(file), "--answers", "-", typed="network.vlan = 'a'\n")
    (problem,) = found["problems"]
    assert (problem["path"], problem["parameter"]) == ("network.vlan", "standard input: network.vlan")
    found = run(0, "export", "--answers", str(file))
    assert said(layer("\n".join(found["answers"]))).get("network.nic") == "eth0" and HASH not in str(found)
    assert found["cmdline"] == "storage_init=/dev/vda BOOTIF=eth0"
    found = run(2, "check", "--answers", "-", "-")
    assert found["problems"][0]["text"] == "standard input can be read once only"
    file.write_bytes(b"\xff")
    (problem,) = run(2, "check", "--answers", str(file))["problems"]
    assert problem["parameter"] == str(file) and "UTF-8" in problem["text"]
