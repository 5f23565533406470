"""What holds for every kernel line: it is read without an error, in time, and means the same once written back."""

from __future__ import annotations

from time import process_time
from typing import Any

from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from fuzz_lines import outputs
from machines import MACHINES
from ovirt_tui.autoinstall import answers
from ovirt_tui.autoinstall.cmdline import Reading, read
from ovirt_tui.autoinstall.parameters import WORDS
from ovirt_tui.autoinstall.understand import understand
from ovirt_tui.cli import export_report, options
from ovirt_tui.features.order import defaults
from ovirt_tui.features.resolution import lasting
from ovirt_tui.model.tokens import split

NAMES = sorted({name for param in WORDS for name in param.names} | {"quiet", "dyndbg", "x", ""})
VALUES = [
    *sorted({param.example for param in WORDS}),
    *("yes", "no", "off", "link", "eth0", "eth1", "/dev/vda", "/dev/vdb", "/dev/vda,/dev/vdb", "virtio", "virtio:ALL"),
    *("192.0.2.7", "192.0.2.7::192.0.2.1:24", "[2001:db8::7]::[fe80::1]:64", "auto6", "dhcp6", "eth1:dhcp", "de"),
    *("512,Swap:1024,Logging", "256M", "ttyS0,115200n8", "$6$salt$hash", "keep-data", "file a.c +p", "9" * 5000),
]
SPACED = st.builds("{}={}".format, st.sampled_from(NAMES), st.sampled_from(VALUES))
QUOTED = st.builds('{}="{}"'.format, st.sampled_from(NAMES), st.sampled_from(VALUES) | st.text(max_size=20))
ODD = st.builds("{}={}".format, st.sampled_from(NAMES), st.text(max_size=30))
ANY = SPACED | QUOTED | ODD | st.sampled_from(NAMES) | st.text(max_size=30)
RIGHT = st.sampled_from(
    [
        *(
            f"{param.name}={param.example}"
            for param in WORDS
            if param.fills and param.name not in ("adminpw", "rootpw", "bootpw")
        ),
        *(
            "ip=192.0.2.7 netmask=24",
            "ip=[2001:db8::7]::[fe80::1]:64",
            "ip=off",
            "ip=either6",
            "ip=eth0:dhcp",
            "ntp=off",
        ),
        *(
            "gateway=192.0.2.1",
            "vlan=eth0.7:eth0",
            "vlan=vlan0042:eth0",
            "storage_vol=:300::70:64:-1",
            "nameserver=::1",
        ),
        *("reinstall=no", "storage_found=wipe", "ssh_pwauth", "BOOTIF=link", "hostname=a", "network_layout=direct"),
        *("mem_overcommit=0.00001", "mem_overcommit=99999999999"),
        *("console=tty0", "quiet", 'mem="a b"', "mem=a' '", 'dyndbg="file a.c +p"', "rd_NO_MD", "mem=", "-- y"),
        *("node.carry=x,y x=1 y", "node.carry=x"),
    ]
)
FOREIGN = st.text(st.characters(codec="latin-1", exclude_categories=("C", "Z")), max_size=12).map('dyndbg="{}"'.format)
RIGHT_LINES = st.lists(RIGHT | FOREIGN, max_size=6).map(" ".join)
LINES = st.lists(ANY, max_size=8).map(" ".join)
HOSTS = st.sampled_from(sorted(MACHINES)).map(MACHINES.__getitem__)
START = "storage_init=/dev/vda BOOTIF=eth0 adminpw=$6$salt$hash "
SECRETS = (*(each.path for each in defaults().settings() if each.secret), "users.expired")
EVERY = settings(max_examples=300)
"""The same lines in each run."""

LONG = 8000  # four times what the kernel keeps
SLOWEST = 0.2  # seconds for a line as long; a few hundredths is what it takes


@EVERY
@given(st.sampled_from(("", START)), LINES, HOSTS)
@example(START, "x=\udcff " * 700, MACHINES["one-disk"])
@example(START, "\x00 \x1b[2J hostname=\x1b[2J", MACHINES["one-disk"])
@example(START, "mem_overcommit=" + "9" * 400, MACHINES["one-disk"])
@example("", "rdloaddriver=scsi_dh_alua rdloaddriver=scsi_dh_alua", MACHINES["one-disk"])
def test_no_line_is_too_much(start: str, line: str, machine: Any) -> None:
    said = "\n".join(outputs(understand(read(start + line), machine)))
    said.encode()
    assert "\x1b" not in said


def reading(form: str, exported: str) -> Reading:
    """What was exported, as the door of its form reads it."""
    return read(exported) if form == "cmdline" else Reading().over((answers.read("a", exported.encode()),))


@EVERY
@given(RIGHT_LINES)
def test_what_is_accepted_is_the_same_once_exported(line: str) -> None:
    machine = MACHINES["two-disks"]
    found = understand(read(START + line), machine)
    assume(not found.complaints)
    for form in options.FORMS:
        exported = export_report.export(found.draft, form)
        again = understand(reading(form, exported), machine)
        again_config, found_config = (lasting(each.config, machine) for each in (again, found))
        for path in found.config.paths():
            if path not in SECRETS:
                assert again_config.get(path) == found_config.get(path), (path, line)


@EVERY
@given(st.text(alphabet='ab= "\t', max_size=12))
def test_a_word_is_read_as_it_was_written(line: str) -> None:
    assume(line.count('"') % 2 == 0)
    words = tuple(word for word in split(line) if '"' not in word.text)
    assert split(" ".join(word.quoted for word in words)) == words


def spent(line: str) -> float:
    """The seconds of the processor that reading *line* takes."""
    start = process_time()
    read(line)
    return process_time() - start


@settings(EVERY, max_examples=50)
@given(st.sampled_from(NAMES), st.text(min_size=1, max_size=6))
@example("ip", "[")
@example("_x" * 2000, "1")
@example("pass_" * 800, "1")
def test_time_grows_with_the_line_and_no_faster(name: str, part: str) -> None:
    for line in (f"{name}={part * LONG}"[:LONG], f"{name}={part} " * (LONG // (len(name) + len(part) + 2) + 1)):
        assert any(spent(line) < SLOWEST for _turn in range(3))  # a collection of others' garbage is not of the line
