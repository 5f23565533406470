"""What Confirm offers and export prints is accepted by check as it is, and means the same settings."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from machines import MACHINES
from models import values
from ovirt_tui.autoinstall import answers
from ovirt_tui.autoinstall.cmdline import Reading, read, read_lines
from ovirt_tui.autoinstall.lens import offered
from ovirt_tui.autoinstall.understand import understand
from ovirt_tui.cli import export_report
from ovirt_tui.features.draft import Draft
from ovirt_tui.features.order import defaults
from ovirt_tui.features.resolution import lasting
from ovirt_tui.model.config import NodeConfig
from ovirt_tui.model.values import show
from ovirt_tui.pages.network.settings import Network
from ovirt_tui.ui.confirm import confirm
from test_parity import KEY, OTHER_KEY

PASSWORDS = "adminpw=$6$salt$hash password_expired=no collectd_password=kept"
"""What must be added to the line, as Confirm and the documents say."""
PASSWORDS_IN_A_FILE = answers.read("b", b"users.admin_password = '$6$salt$hash'\nmonitoring.password = 'kept'")

SECRETS = (*(each.path for each in defaults().settings() if each.secret), "users.expired")
YES = st.sampled_from(("yes", "no"))
LABELS = st.from_regex(r"\A[a-z][a-z0-9-]{0,8}[a-z0-9]\Z")
NAMES = st.lists(LABELS, min_size=1, max_size=3).map(".".join)
FOURS = st.builds(lambda number: str(IPv4Address(number)), st.integers(2**24, 2**32 - 2**29))
SIXES = st.builds(lambda number: str(IPv6Address(number)), st.integers(2**125, 2**126))
SIZES = st.integers(5, 4000).map(str)
WORDS = st.lists(st.sampled_from(("quiet", "console=ttyS0,115200n8", 'dyndbg="file a.c +p"', "x=1")), max_size=3)
SETTINGS = {
    **{
        each.path: values(each.type).map(show)
        for each in defaults().settings()
        if each.path not in (*SECRETS, "storage.boot_disk")
    },
    "logging.journal": st.just("") | st.integers(16, 4096).map(str),
    "keyboard.layout": st.sampled_from(("us", "de", "fr")),
    "users.root_locked": YES,
    "users.ssh_password_login": YES,
    "users.ssh_keys": st.sampled_from(("", KEY, f"{KEY},{OTHER_KEY}")),
    "storage.data_disks": st.sampled_from(("", "/dev/vda", "/dev/vdb", "/dev/vdb,/dev/vda")),
    "storage.found": st.sampled_from(("continue", "refuse", "keep-data", "wipe")),
    "storage.override": st.sampled_from(("", "/dev/vdb", "/dev/vda,/dev/vdb")),
    "storage.wipe_raid": YES,
    "storage.overcommit": st.sampled_from(("0", "0.5", "1.75")),
    **{f"storage.{name}": SIZES for name in ("efi", "root", "swap", "config", "logging")},
    "storage.data": SIZES | st.sampled_from(("-1", "0")),
    "network.hostname": NAMES,
    "network.nic": st.sampled_from(("", "eth0", "eth1")),
    "network.layout": st.sampled_from(("direct", "bridged")),
    "network.vlan": st.integers(1, 4094).map(str),
    "network.ipv4": st.sampled_from(("off", "dhcp", "static")),
    "network.ipv4_address": st.builds("{}/{}".format, FOURS, st.integers(8, 32)),
    "network.ipv4_gateway": FOURS,
    "network.ipv6": st.sampled_from(("off", "auto", "dhcp", "static")),
    "network.ipv6_address": st.builds("{}/{}".format, SIXES, st.integers(8, 128)),
    "network.ipv6_gateway": SIXES | st.just("fe80::1"),
    "network.dns": st.lists(FOURS | SIXES, max_size=3, unique=True).map(",".join),
    "network.ntp": st.lists(FOURS | SIXES | NAMES, max_size=3, unique=True).map(",".join),
    "network.ntp_enabled": YES,
    "boot.reboot_delay": st.integers(0, 86400).map(str),
    "boot.words": WORDS.map(" ".join),
}
"""What may be chosen of each setting that pages have, beside the boot disk and passwords."""

CHOSEN = st.fixed_dictionaries({}, optional=SETTINGS)


def draft_of(chosen: dict[str, str]) -> Draft:
    """What the installer has at Confirm."""
    draft = Draft(MACHINES["two-disks"])
    secrets = {"users.admin_password": "$6$salt$hash", "monitoring.password": "kept"}
    for path, text in {"storage.boot_disk": "/dev/vda", **secrets, **chosen}.items():
        draft.put(path, text)
    assert draft.errors == {}
    return draft


def said(config: NodeConfig) -> dict[str, str]:
    """Each setting that means something now, as text; a gateway means nothing without an address."""
    config = config.effective()
    texts = {path: show(config.get(path)) for path in config.paths() if path not in SECRETS}
    for version, without in (("ipv4", "dhcp"), ("ipv6", "off")):
        if not texts[f"network.{version}_address"]:
            texts[f"network.{version}_gateway"] = ""
            # A static method without an address is nothing to an interface that there is not.
            texts[f"network.{version}"] = (
                without if texts[f"network.{version}"] == "static" else texts[f"network.{version}"]
            )
    return texts


@settings(max_examples=400)
@given(CHOSEN)
def test_what_can_be_installed_is_offered_and_accepted(chosen: dict[str, str]) -> None:
    draft = draft_of(chosen)
    assume(not draft.problems())
    facts = draft.facts
    lines = offered(lasting(draft.config, facts))
    for reading in (read(" ".join((*lines, PASSWORDS))), read_lines("\n".join((*lines, PASSWORDS)))):
        found = understand(reading, facts)
        assert [str(complaint) for complaint in found.complaints] == []
        assert said(found.draft.resolved) == said(draft.resolved)
    assert set(export_report.export(found.draft, "cmdline", whole=True).split()) >= set(" ".join(lines).split())
    file = answers.read("a", export_report.export(found.draft, "answers", whole=True).encode())
    again = understand(Reading().over((file, PASSWORDS_IN_A_FILE)), facts)
    assert [str(complaint) for complaint in again.complaints] == []
    assert said(again.draft.resolved) == said(draft.resolved)


@pytest.mark.parametrize("nic", ["eth0", ""])
def test_confirm_offers_a_line_that_check_takes(nic: str) -> None:
    draft = draft_of({"network.nic": nic})
    *_lines, line = confirm(draft.resolved, draft.facts)
    assert isinstance(line, str)
    found = understand(read(f"{line} {PASSWORDS}"), draft.facts)
    assert found.complaints == () and show(found.config[Network].nic) == nic
