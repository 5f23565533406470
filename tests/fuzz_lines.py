"""Random and mutated kernel lines and answer files, on recorded machines.

`make fuzz` tries many, `make check` a sample.  What is looked for: an error of the program, an escape sequence in what
it says, a plan that writes a disk which the words do not name (named_disks.py), a disk named that it does not write.
"""

from __future__ import annotations

import random
import re
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from machines import MACHINES, disk, with_
from named_disks import unnamed
from ovirt_tui.autoinstall import answers
from ovirt_tui.autoinstall.cmdline import Reading, read
from ovirt_tui.autoinstall.parameters import WORDS
from ovirt_tui.autoinstall.understand import Understood, understand
from ovirt_tui.cli import documents, json_report, plan_report, report
from ovirt_tui.features.order import defaults
from ovirt_tui.machine import disks
from ovirt_tui.machine.facts import Facts, Rotational

PORTION = 2000
TWINS = tuple(
    disk(
        path, 480, bus="ata", model="ST[1] x", serial="TWIN", short_serial=short, hctl=hctl, rotational=Rotational.NO,
        links=("/dev/disk/by-id/ata-TWIN", f"/dev/disk/by-path/pci-{hctl}"), wwn="0x5000c500a1b2c3d4",
    )
    for path, short, hctl in (("/dev/sda", "TWIN", "0:0:0:0"), ("/dev/sdb", "S5", "1:0:0:0"))
)  # fmt: skip
LABELLED = disk("/dev/sdc", 931, bus="scsi", model="ST1 x", serial="S5", transport="sas", hctl="2:0:0:0")
HOSTS = {
    **MACHINES,
    "twins": with_(disks=(*TWINS, LABELLED, disk("/dev/sdd", 931, bus="scsi", serial="x+y", removable=True))),
    "no-disk": with_(disks=()),
    "far": with_(disks=(disk("/dev/sda", 100, bus="iscsi", serial="LUN"), disk("/dev/sdb", 100, bus="scsi"))),
}
NAMES = sorted({name for word in WORDS for name in word.names} | {"quiet", "x", "", "root", "node.carry"})
REAL = tuple(word for word in WORDS if not word.coming)
VALUES = (
    *sorted({word.example for word in WORDS}),
    *("yes", "no", "off", "1", "link", "none", "eth0", "eth1", "eth1:dhcp", "192.0.2.7", "192.0.2.7::192.0.2.1:24"),
    *("[2001:db8::7]::[fe80::1]:64", "512,Swap:1024,Logging", ":300::70:64:-1", "256M", "ttyS0,115200n8", "keep-data"),
    *("wipe", "$6$salt$hash", "9" * 400, "\x1b[2J", "\udcff", "a b", "", "--", "x=1", "\u202e", "磁", "%s{0}", "\x00"),
)
PIECES = (
    *'"=,;:+*?[]/-_.$# \t\n\\\x1b\x00\udcff0aZ',
    "--",
    "colour=",
    "+all",
    ":ALL",
    "ALL",
    "only",
    "/dev/",
    "virtio",
    "磁",
)
STARTS = ("BOOTIF=eth0", "BOOTIF=link", "BOOTIF=none", "ip=192.0.2.7::192.0.2.1:24 BOOTIF=eth0")
USUAL = (
    "storage_found=wipe",
    "storage_found=wipe",
    "reinstall",
    "wipe_fakeraid",
    "hostname=a.example.com",
    "uninstall",
    "quiet",
    "rescue",
)
Dice = random.Random


@cache
def selectors(name: str) -> tuple[str, ...]:
    """What may be said of each disk of the machine *name*, rightly and nearly rightly."""
    found = ["", "only", "/dev/none", "virtio:ALL", "ata:ALL", "scsi:ALL", "nvme", "serial=", "size=-1", "model=*"]
    for each in HOSTS[name].disks:
        found += [each.path, *each.links, each.bus, f"{each.bus}:ALL", each.wwn, *(part.path for part in each.parts)]
        found += [f"{each.bus}:{serial}" for serial in (each.serial, each.short_serial)]
        said_of = {
            "serial": (each.serial, each.short_serial), "bus": (each.bus,), "transport": (each.transport,),
            "model": (each.model.replace(" ", "_"), each.model[:3] + "*", "[A-Z]*"), "wwn": (each.wwn,),
            "size": (f"{each.mib}", f"{each.mib // 1024}G-", f"-{each.mib}", "1G-1T"), "hctl": (each.hctl,),
            "rotational": ("yes", "no"), "by-id": [link.rpartition("/")[2] for link in each.links],
            "by-path": [link.rpartition("/")[2] for link in each.links],
        }  # fmt: skip
        found += [f"{key}={value}" for key, values in said_of.items() for value in values if value]
    return tuple(dict.fromkeys(found))


@cache
def single(name: str) -> tuple[str, ...]:
    """Names of disks that may be written, each of them right."""
    usable = [each for each in HOSTS[name].disks if not disks.unusable(each)]
    return ("only", *(link for each in usable for link in (each.path, *each.links)))


def selector(dice: Dice, name: str) -> str:
    """One selector, or several criteria joined; now and then with a slip in it."""
    known = dice.choice((single, selectors))(name)
    chosen = [dice.choice(known) for _ in range(dice.choice((1, 1, 1, 1, 2, 3)) if known is selectors(name) else 1)]
    said = "+".join((*chosen, *(["all"] if dice.random() < 0.1 else [])))
    return mutated(dice, said) if dice.random() < 0.15 else said


def mutated(dice: Dice, text: str) -> str:
    """*text* with one piece of it changed, taken away, doubled or put in."""
    at = dice.randrange(len(text) + 1)
    end = at + dice.choice((0, 1, 1, 1, 3))
    match dice.randrange(4):
        case 0:
            return text[:at] + dice.choice(PIECES) + text[end:]
        case 1:
            return text[:at] + text[end:]
        case 2:
            return text[:at] + text[at:end] * 2 + text[end:]
    return text[:at] + text[at:end].swapcase() + text[end:]


def word(dice: Dice, name: str) -> str:
    """One word, as likely right as wrong."""
    kind = dice.random()
    if kind < 0.35:
        return dice.choice(USUAL)
    if kind < 0.6:
        row = dice.choice(REAL)
        return f"{row.name}={row.example}"
    value = selector(dice, name) if kind < 0.7 else dice.choice(VALUES)
    quote = dice.choice(("", "", "", '"'))
    return f"{dice.choice(NAMES)}={quote}{value}{quote}"


def text(dice: Dice, name: str) -> str:
    """A line for the machine *name*, its words one a line or in one."""
    found = []
    if dice.random() < 0.8:
        count = dice.choice((1, 1, 1, 2, 3))
        chosen = ",".join(selector(dice, name) for _ in range(count))
        init = f"{dice.choice(('storage_init', 'storage_init', 'ovirt_init'))}={chosen}".removesuffix("=")
        found = [init, dice.choice(STARTS), "adminpw=$6$salt$hash"]
        found += [f"storage_override={chosen}"] if dice.random() < 0.3 else []
    found += [word(dice, name) for _ in range(dice.choice((0, 0, 1, 1, 2, 4)))]
    for _ in range(dice.choice((0, 0, 1, 2))):
        at = dice.randrange(len(found) + 1)
        found[at:at] = (
            [dice.choice(found or [""])] if dice.random() < 0.5 else [dice.choice(("quiet", "mem=1G", "x", "--"))]
        )
    dice.shuffle(found)
    joined = dice.choice((" ", " ", " ", "\n")).join(found)
    for _ in range(dice.choice((0, 0, 0, 1, 1, 2, 5))):
        joined = mutated(dice, joined)
    return joined


def answer_file(dice: Dice, name: str) -> str:
    """An answer file for the machine *name*, as likely right as wrong."""
    count = dice.choice((0, 0, 0, 1, 2))
    chosen = [selector(dice, name) for _ in range(1 + count)]
    found = [f"boot_disk = {answers.toml(chosen[0] or 'only')}", f"data_disks = {answers.toml(chosen[1:])}"]
    found += [dice.choice(("found = 'wipe'", "override = " + answers.toml(chosen), "wipe_raid = true", ""))]
    found += ["[network]", dice.choice(("nic = 'eth0'", "nic = 'link'", "nic = ''", "nic = 'eth7'"))]
    found += ["[users]", "admin_password = '$6$salt$hash'"] if dice.random() < 0.9 else []
    for _ in range(dice.choice((0, 0, 1, 2))):
        setting = dice.choice(tuple(defaults().settings()))
        value = dice.choice((answers.toml(dice.choice(VALUES)), "true", "7", "[]", "-1", '["a", 1]', "{}", "1e999"))
        found.append(dice.choice((f"{setting.name} = {value}", f"[{setting.section.prefix}]", f"{setting.path} = 1")))
    joined = "\n".join(("[storage]", *found))
    for _ in range(dice.choice((0, 0, 0, 1, 2, 5))):
        joined = mutated(dice, joined)
    return joined


@dataclass(frozen=True)
class Given:
    """A text, as an answer file or a kernel line, and the machine it is tried on."""

    text: str
    machine: str
    in_file: bool

    def __str__(self) -> str:
        return f"on {self.machine}, {'answer file' if self.in_file else 'line'}: {self.text!r}"

    @property
    def facts(self) -> Facts:
        """The facts of the machine."""
        return HOSTS[self.machine]


def outputs(found: Understood) -> Iterator[str]:
    """All that commands say of a line."""
    yield from report.check(found)
    yield documents.text(json_report.checked(found))
    yield documents.text(plan_report.planned_for(found))
    yield from report.notes(found)
    yield from report.problems(found)
    if not found.complaints:
        yield from plan_report.plan(found)


def judge(given: Given) -> set[str]:
    """Understand a text, and return the disks that its plan writes; AssertionError where that is not as it must be."""
    content = given.text.encode(errors="surrogatepass")
    reading = Reading().over((answers.read("a", content),)) if given.in_file else read(given.text)
    found = understand(reading, given.facts)
    shown = "\n".join(outputs(found))
    shown.encode()
    assert "\x1b" not in shown, "an escape sequence is said"
    written = {path for each in plan_report.planned_for(found).steps for path in each.disks}
    wrong = unnamed(given.facts, given.text, written, in_file=given.in_file) if written else ""
    assert not wrong, wrong
    return written


LINES, WORDS, CHARACTERS = re.compile(r"(?<=\n)"), re.compile(r"(?<=\s)"), re.compile("")
"""Where a text is parted, so that its parts joined are the text."""


def smallest(given: Given, fails: Callable[[Given], bool]) -> Given:
    """Return what still fails when lines, words, then characters, are taken away one after the other."""
    for parting in (LINES, WORDS, CHARACTERS, WORDS):
        at = 0
        while at < len(parts := [part for part in parting.split(given.text) if part]):
            shorter = Given("".join((*parts[:at], *parts[at + 1 :])), given.machine, given.in_file)
            given, at = (shorter, at) if fails(shorter) else (given, at + 1)
    return given


def fails(given: Given) -> bool:
    """Whether judge() objects, or falls over."""
    try:
        judge(given)
    except Exception:  # noqa: BLE001 - whatever it is, it is what is looked for
        return True
    return False


def fuzz(count: int, seed: int) -> int:
    """Try *count* texts, and return how many of them had a plan that writes; the first that fails is shown, small."""
    dice = Dice(seed)
    names = sorted(HOSTS)
    planned = 0
    for _ in range(count):
        name = dice.choice(names)
        in_file = dice.random() < 0.25
        given = Given((answer_file if in_file else text)(dice, name), name, in_file)
        try:
            planned += bool(judge(given))
        except BaseException:
            print(f"seed {seed}, {given}\nsmallest {smallest(given, fails)}", file=sys.stderr)
            raise
    return planned


def main(count: int, seed: int) -> None:
    """Try *count* texts, and say how far it is after each portion."""
    start, planned = time.monotonic(), 0
    print(f"seed {seed}", flush=True)
    for done in range(0, count, PORTION):
        planned += fuzz(min(PORTION, count - done), seed + done)
        tried, seconds = min(done + PORTION, count), time.monotonic() - start
        print(f"{tried} of {count} lines, {planned} with a plan, {seconds:.0f} s", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]) if sys.argv[2:] else random.randrange(1 << 32))
