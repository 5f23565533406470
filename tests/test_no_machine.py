"""Addresses and names that no machine can have are refused at every door, and doubtful ones are told."""

from __future__ import annotations

import pytest

from machines import PLAIN
from ovirt_tui.autoinstall.cmdline import read
from ovirt_tui.autoinstall.understand import understand
from ovirt_tui.features.draft import Draft
from ovirt_tui.features.rules import SETUP_RULES
from ovirt_tui.pages.security import Users
from person import at_installer, at_setup

START = "BOOTIF=eth0 "
ADDRESS = "ip=192.0.2.7::192.0.2.1:24"
REFUSED = {
    "ip=192.0.2.7::192.0.2.255:24": "network.ipv4_gateway",
    "ip=192.0.2.7::192.0.2.0:24": "network.ipv4_gateway",
    "ip=192.0.2.7::192.0.2.7:24": "network.ipv4_gateway",
    "ip=192.0.2.7::224.0.0.1:24": "network.ipv4_gateway",
    "ip=192.0.2.7::0.0.0.0:24": "network.ipv4_gateway",
    "ip=192.0.2.255::192.0.2.1:24": "network.ipv4_address",
    "ip=192.0.2.0::192.0.2.1:24": "network.ipv4_address",
    "ip=255.255.255.255::192.0.2.1:32": "network.ipv4_address",
    "ip=0.0.0.7::192.0.2.1:32": "network.ipv4_address",
    "ip=240.0.0.1::192.0.2.1:8": "network.ipv4_address",
    "ip=[ff02::1]::[fe80::1]:64": "network.ipv6_address",
    "ip=[::]::[fe80::1]:64": "network.ipv6_address",
    "ip=[2001:db8::7]::[ff02::1]:64": "network.ipv6_gateway",
    "ip=[2001:db8::7]::[::]:64": "network.ipv6_gateway",
    "ip=[2001:db8::7]::[::ffff:192.0.2.1]:64": "network.ipv6_gateway",
    "dns=0.0.0.0": "network.dns",
    "dns=192.0.2.53,224.0.0.251": "network.dns",
    "dns=255.255.255.255": "network.dns",
    "dns=::": "network.dns",
    "dns=ff02::fb": "network.dns",
    f"{ADDRESS} dns=192.0.2.255": "network.dns",
    "ntp=0.0.0.0": "network.ntp",
    "ntp=pool.ntp.org,ff05::101": "network.ntp",
    "hostname=localhost": "network.hostname",
    "hostname=LOCALHOST.localdomain": "network.hostname",
    "hostname=node1.localhost": "network.hostname",
    "hostname=localhost.": "network.hostname",
}
TAKEN = (
    ADDRESS,
    "ip=192.0.2.7::192.0.2.6:31",
    "ip=192.0.2.7::10.0.0.1:32",
    "ip=[2001:db8::7]::[fe80::1]:64",
    "ip=[fd00::7]::[fd00::1]:64 dns=fd00::53",
    "ipv6=auto dns=192.0.2.53,2001:db8::53 ntp=pool.ntp.org,192.0.2.123",
    "hostname=localhostess.example.com",
)
DOUBTED = ("dns=127.0.0.1", "ipv6=auto dns=fe80::53", "ip=192.0.2.7:::32", "ip=192.0.2.7::198.51.100.1:24")


@pytest.mark.parametrize("line", REFUSED)
def test_what_is_no_machine_is_refused(line: str) -> None:
    found = understand(read(START + line), PLAIN)
    assert {complaint.path for complaint in found.complaints} == {REFUSED[line]}
    draft = Draft(PLAIN, found.config, SETUP_RULES)
    assert {problem.path for problem in draft.problems()} == {REFUSED[line]}, "the setup program says the same"


@pytest.mark.parametrize("line", TAKEN)
def test_what_machines_have_is_taken_without_a_word(line: str) -> None:
    found = understand(read(START + line), PLAIN)
    assert found.complaints == () and found.notes == ()


@pytest.mark.parametrize("line", DOUBTED)
def test_what_might_be_meant_is_told(line: str) -> None:
    found = understand(read(START + line), PLAIN)
    assert found.complaints == () and len(found.notes) == 1


def test_a_weak_password_does_not_open_ssh() -> None:
    person, setup = at_setup()
    person.press("down", "down", "tab", " ", "tab", "tab", *"abc", "tab", *"abc", "f10")
    assert "! too weak while SSH" in person.screen() and person.system.made == []
    person.press("shift tab", "shift tab", "shift tab", "shift tab")
    setup.draft.put("users.ssh_password_login", "no")
    person.press("f10")
    person.type("admin")
    person.press("enter")
    assert "Saved." in person.screen()


def test_the_installer_takes_no_weak_password_for_a_line_that_opens_ssh() -> None:
    person, installer = at_installer(line="ssh_pwauth BOOTIF=eth0")
    person.press("enter", "f10", "enter", "f10", "f10", "f10", "f10", *"abc", "tab", *"abc", "f10")
    assert "too weak while SSH lets people in" in person.screen()
    assert installer.page.title == "Admin password" and installer.draft.config[Users].admin_password is None
