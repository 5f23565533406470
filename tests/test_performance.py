"""The performance of a node: what may be set, what is seen of it, and what the page says of the machine."""

from __future__ import annotations

import pytest

from brought import brought
from machines import PLAIN, with_
from ovirt_tui.autoinstall.cmdline import read
from ovirt_tui.autoinstall.lens import words
from ovirt_tui.features.drift import drift
from ovirt_tui.features.order import defaults
from ovirt_tui.features.rules import SETUP_RULES, check
from ovirt_tui.machine.facts import Facts
from ovirt_tui.model.config import NodeConfig, Resolved
from ovirt_tui.model.values import PageCount, ProfileName
from ovirt_tui.pages.performance import page
from ovirt_tui.pages.performance.feature import ACTIVE, HUGE_PAGES, MODE, OPENSSL, SWAP
from ovirt_tui.pages.performance.settings import Cipher
from ovirt_tui.plan.actions import SETUP
from ovirt_tui.plan.runner import changes
from ovirt_tui.system.fake import FakeSystem
from ovirt_tui.system.steps import Absent, Restart
from test_parity import built, fills

NODE = with_(slot="Root")
TUNED = (
    ("users.root_locked", "yes"),
    ("performance.profile", "virtual-host"),
    ("performance.pages_2m", "8"),
    ("performance.encrypt_swap", "yes"),
    ("performance.swap_cipher", "serpent-cbc-essiv:sha256"),
    ("performance.no_aes_ni", "yes"),
)
CONFIG = built(*TUNED)


def wrong(config: NodeConfig, facts: Facts = PLAIN) -> dict[str, str]:
    found = check(Resolved(config), facts, SETUP_RULES)
    return {each.path: each.text for each in found if each.path.startswith("performance.")}


def test_words_say_all_of_it_and_are_read_again() -> None:
    line = " ".join(words(CONFIG))
    assert "tuned=virtual-host" in line and "swap_encrypt=Swap,serpent-cbc-essiv:sha256" in line
    found = fills(line)
    assert {path: found[path] for path, _text in TUNED} == dict(TUNED)


@pytest.mark.parametrize("line", ["tuned=None", "tuned=off", "tuned=virtual-host tuned=off"])
def test_none_and_off_are_no_profile(line: str) -> None:
    assert fills(line)["performance.profile"] == ""


def test_an_old_line_means_the_cipher_that_it_has_always_meant() -> None:
    assert fills("swap_encrypt=Swap") == fills("ovirt_swap_encrypt=Swap,aes-cbc-essiv:sha256")
    assert fills("swap_encrypt=Swap") == {
        "performance.encrypt_swap": "yes",
        "performance.swap_cipher": "aes-cbc-essiv:sha256",
    }
    assert defaults().get("performance.swap_cipher") is Cipher.XTS


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("swap_encrypt=Swap,rot13", "unknown cipher rot13; there are aes-xts-plain64,"),
        (
            "swap_encrypt=Swap;Swap2,aes-xts-plain64 storage_vol=100,Swap2",
            "Swap and Swap2 have one cipher, not aes-cbc-essiv:sha256, aes-xts-plain64",
        ),
        ("use_strong_rng=24", "no longer needed, leave it out"),
    ],
)
def test_what_cannot_be_is_refused_by_name(line: str, said: str) -> None:
    name = line.partition("=")[0]
    reading = read(line, agree=False)
    reading.refuse()
    assert next(each.text for each in reading.complaints if each.parameter == name).startswith(said)


def test_no_strong_generator_is_what_everybody_has() -> None:
    reading = read("use_strong_rng=0")
    reading.refuse()
    assert reading.complaints == []


@pytest.mark.parametrize(
    ("chosen", "facts", "path", "said"),
    [
        ({"profile": "vitual-host"}, PLAIN, "profile", "there is, for example, virtual-host"),
        ({"pages_2m": "1793"}, PLAIN, "pages_2m", "3586 MiB of huge pages are too many"),
        ({"pages_1g": "3", "pages_2m": "257"}, PLAIN, "pages_1g", "4096 MiB, at most 3584 fit"),
        ({"pages_2m": "1"}, with_(memory_mib=512), "pages_2m", "at most 0 fit"),
        ({"pages_2m": "48641"}, with_(memory_mib=102400), "pages_2m", "at most 97280 fit"),
        ({"pages_1g": "1"}, with_(huge_pages=(2,)), "pages_1g", "no pages of 1024 MiB"),
    ],
)
def test_what_a_machine_has_not_is_refused(chosen: dict[str, str], facts: Facts, path: str, said: str) -> None:
    config = built(*((f"performance.{name}", text) for name, text in chosen.items()))
    assert said in wrong(config, facts)[f"performance.{path}"]
    assert len(wrong(config, facts)) == 1


def test_what_fits_to_the_last_page_is_taken_and_what_is_not_known_is_not_judged() -> None:
    most = defaults().put("performance.pages_2m", PageCount(256)).put("performance.pages_1g", PageCount(3))
    assert wrong(most) == {}
    unknown = with_(profiles=(), huge_pages=())
    assert wrong(most.put("performance.profile", ProfileName("ours")), unknown) == {}


def saved(config: NodeConfig) -> FakeSystem:
    """A node on which *config* was saved, and of which nothing is to be done."""
    system = brought(config, NODE)
    system.earlier, system.made = system.made, []
    assert not drift(config, system, NODE)
    return system


def test_what_is_emptied_is_removed() -> None:
    empty = defaults().put("users.root_locked", True)
    made = [step for each in changes(SETUP, CONFIG, empty, NODE, saved(CONFIG)) for step in each.steps]
    assert {step.path for step in made if isinstance(step, Absent)} == {ACTIVE, MODE, HUGE_PAGES, SWAP, OPENSSL}
    units = {"tuned", "ovirt-node-hugepages", "ovirt-node-swap", "ovirt-node-swap2", "ssh"}
    assert {step.service for step in made if isinstance(step, Restart)} == {f"{name}.service" for name in units}


@pytest.mark.parametrize(
    ("file", "text", "path"),
    [
        (ACTIVE, "balanced\n", "profile"),
        (ACTIVE, "a profile with blanks\n", "profile"),
        (HUGE_PAGES, "PAGES_2M=9\n", "pages_2m"),
        (HUGE_PAGES, "PAGES_2M=8\nPAGES_1G=many\n", "pages_1g"),
        (SWAP, "CIPHER=aes-xts-plain64\n", "swap_cipher"),
        (SWAP, "", "swap_cipher"),
        (OPENSSL, "OPENSSL_ia32cap=0\n", "no_aes_ni"),
    ],
)
def test_what_was_changed_outside_is_found(file: str, text: str, path: str) -> None:
    system = saved(CONFIG)
    system.files[file] = text
    assert [each.path for each in drift(CONFIG, system, NODE).differences] == [f"performance.{path}"]


def test_a_swap_that_lost_its_file_is_seen_as_plain() -> None:
    system = saved(CONFIG)
    del system.files[SWAP]
    assert "performance.encrypt_swap" in {each.path for each in drift(CONFIG, system, NODE).differences}


def test_the_page_says_what_is_reserved_now() -> None:
    system = FakeSystem(PLAIN)
    assert page.reserved(system, PLAIN) == "none"
    pool = "/sys/kernel/mm/hugepages/hugepages-2048kB"
    system.files |= {f"{pool}/nr_hugepages": "40\n", f"{pool}/free_hugepages": "8\n"}
    assert page.reserved(system, PLAIN) == "40 of 2 MiB, 8 free"


def test_the_page_says_what_swap_is_now() -> None:
    system = FakeSystem(PLAIN)
    assert page.swap(system, PLAIN).startswith("unknown: ")
    system.outputs[page.SWAPS] = "/dev/dm-5 1073741824 2097152\n/dev/dm-2 1073741824 0\n"
    for device, uuid in (("/dev/dm-5", "CRYPT-PLAIN-ovirt-node-swap"), ("/dev/dm-2", "LVM-abc")):
        system.outputs["readlink", "-f", "--", device] = f"{device}\n"
        system.files[page.TYPE.format(name=device.rpartition("/")[2])] = uuid
    assert page.swap(system, PLAIN) == "1024 MiB encrypted, 2 used; 1024 MiB plain, 0 used"
    system.outputs[page.SWAPS] = ""
    assert page.swap(system, PLAIN) == "none"
