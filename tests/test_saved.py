"""The node's own answer file: replayed it gives the same plan, and damaged it costs nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from brought import brought
from machines import MACHINES, PLAIN, with_
from ovirt_tui.__main__ import main
from ovirt_tui.autoinstall import answers
from ovirt_tui.autoinstall.cmdline import read
from ovirt_tui.autoinstall.understand import INSTALLING, understand
from ovirt_tui.cli import plan_report
from ovirt_tui.features.order import defaults
from ovirt_tui.model.network import Hostname
from ovirt_tui.model.selectors import NicSelector
from ovirt_tui.plan.actions import SAVED
from ovirt_tui.plan.saved import BEFORE, reading, saved_config
from ovirt_tui.system import StepFailed
from ovirt_tui.system.fake import FakeSystem
from ovirt_tui.system.steps import File
from test_cases import CASES, asked, of, steps

NODE = with_(slot="Root")
CONFIG = (
    defaults()
    .put("network.hostname", Hostname("node1"))
    .put("network.nic", NicSelector("eth0"))
    .put("users.ssh_password_login", True)
    .put("users.root_locked", True)
)
PLANS = [path for path in CASES if of(path).intent in INSTALLING and not of(path).complaints]


def own(path: Path) -> str:
    """The answer file that the node of a case keeps."""
    (text,) = {step.content for step in steps(of(path)) if isinstance(step, File) and step.path == SAVED}
    return text


@pytest.mark.parametrize("path", PLANS, ids=lambda path: path.stem)
def test_replayed_on_the_same_machine_it_gives_the_same_plan(path: Path) -> None:
    """With the secrets, which are in no file of a node, in one of their own."""
    machine, _line = asked(path)
    config = of(path).config
    values = {each.path: config.get(each.path) for each in config.settings() if each.secret}
    secrets = answers.Layer("secrets.toml", {name: value for name, value in values.items() if value})
    again = understand(read("").over((answers.read("node.toml", own(path).encode()), secrets)), MACHINES[machine])
    assert again.complaints == ()
    assert plan_report.plan(again) == plan_report.plan(of(path))
    assert [each.steps for each in plan_report.steps(again)] == [each.steps for each in plan_report.steps(of(path))]


def test_there_are_plans() -> None:
    assert len(PLANS) > 20


def test_a_node_of_before_is_known_by_its_parameters() -> None:
    system = FakeSystem(NODE, files={BEFORE: "# parameters\nhostname=node1\nBOOTIF=eth0\nssh_pwauth=yes\n"})
    assert saved_config(system, NODE) == CONFIG
    system.files[SAVED] = '[network]\nhostname = "node2"\n'
    assert saved_config(system, NODE).get("network.hostname") == "node2"


@pytest.mark.parametrize("text", ["[network\n", 'network.hostname = "-"\n', "network = 7\n", "\x00", "x" * 70000])
def test_where_it_is_damaged_the_machine_says_what_it_is(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    """To show defaults, and save them, would take the network away."""
    system = brought(CONFIG, NODE)
    system.files[SAVED] = text
    assert saved_config(system, NODE) == CONFIG
    assert main(["drift"], lambda: system) == 1
    assert SAVED in capsys.readouterr().err


def test_what_a_newer_version_has_saved_is_in_nobodys_way() -> None:
    system = brought(CONFIG, NODE)
    system.files[SAVED] += "\n[telepathy]\nrange = 7\n"
    system.files[SAVED] = system.files[SAVED].replace("[network]\n", '[network]\ncolour = "red"\n')
    assert saved_config(system, NODE) == CONFIG


def test_a_machine_that_cannot_be_looked_at_is_at_its_defaults() -> None:
    class Blind(FakeSystem):
        """Reads nothing but what it was brought to."""

        def text(self, path: str) -> str:
            if path != SAVED:
                raise StepFailed("the disk does not answer")
            return "[network\n"

    blind = Blind(PLAIN)
    assert saved_config(blind, PLAIN).get("network.nic") is None
    assert "the disk does not answer" in blind.lines[0]
    with pytest.raises(StepFailed, match="is no TOML"):
        reading(blind)
