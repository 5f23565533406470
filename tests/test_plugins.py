"""What other packages bring: the example of tests/plugin is installed, and works at every door like one of ours."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from machines import MACHINES
from ovirt_tui.features.feature import Feature
from ovirt_tui.features.opening import Opening
from ovirt_tui.features.order import OWN
from ovirt_tui.features.parameter import Refused
from ovirt_tui.features.plugins import GROUP, entries, plugged, told
from ovirt_tui.machine.facts import dump
from ovirt_tui.model.problems import FORM
from ovirt_tui.pages import keyboard
from plugged import Entry, environment, installed_in
from plugin.node_banner import FEATURE, PAGE, WORD, Banner

PLUGIN = Path(__file__).parent / "plugin"
LINE = "storage_init=/dev/vda BOOTIF=eth0 adminpw=$6$salt$hash"
Answer = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that pip installed the example into."""
    return installed_in(tmp_path_factory.mktemp("installed"), PLUGIN)


@pytest.fixture
def answer(installed: Path, tmp_path: Path) -> Answer:
    """Run the program where the example is installed, on a recorded machine."""
    machine = tmp_path / "machine.json"
    machine.write_text(dump(MACHINES["two-disks"]))

    def run(command: str, *words: str) -> subprocess.CompletedProcess[str]:
        argv = [sys.executable, "-m", "ovirt_tui", command, "--machine", machine, *words]
        return subprocess.run(argv, capture_output=True, text=True, timeout=60, env=environment(installed), check=False)

    return run


def test_its_word_is_read_checked_planned_and_written(answer: Answer) -> None:
    said = answer("check", "--json", "--cmdline", f'{LINE} banner="Property of Example"')
    assert said.returncode == 0, said.stderr
    assert json.loads(said.stdout)["config"]["banner.text"] == "Property of Example"
    assert answer("check", "--cmdline", f"{LINE} banner=LOUD").stderr.startswith("banner: it is all in capital letters")
    assert "banner: must be one line" in answer("check", "--cmdline", f"{LINE} banner=a\\b").stderr
    assert "write /etc/issue.d/banner.issue (1 line" in answer("plan", "--cmdline", f"{LINE} banner=Hello").stdout
    assert answer("export", "--cmdline", 'banner="Property of Example"').stdout == 'banner="Property of Example"\n'


def test_its_page_its_schema_and_its_reference_are_there(installed: Path) -> None:
    program = (
        "from ovirt_tui.cli import documents\n"
        "from ovirt_tui.reference import schema\n"
        "from ovirt_tui.reference.parameters import reference\n"
        "from ovirt_tui.features.page_order import pages\n"
        "assert 'Banner' in [page.title for page in pages()]\n"
        "assert 'banner.text' in schema.schema(documents.Check)['properties']['config']['properties']\n"
        "assert 'Property of Example Inc.' in reference()\n"
    )
    subprocess.run([sys.executable, "-c", program], env=environment(installed), check=True, timeout=60)


def test_what_a_node_has_of_it_is_compared_and_put_back(installed: Path) -> None:
    program = (
        "from brought import brought\n"
        "from machines import PLAIN\n"
        "from node_banner import FILE, Line\n"
        "from ovirt_tui.cli.drift_report import text\n"
        "from ovirt_tui.features.drift import drift\n"
        "from ovirt_tui.features.order import defaults\n"
        "from ovirt_tui.plan.actions import SETUP\n"
        "from ovirt_tui.plan.runner import changes, run\n"
        "plain = defaults().put('users.root_locked', True)\n"
        "config = plain.put('banner.text', Line('Property of Example'))\n"
        "node = brought(config)\n"
        "assert not drift(config, node, PLAIN)\n"
        "node.files[FILE] = 'Gone fishing\\n'\n"
        "assert text(drift(config, node, PLAIN)) == 'Banner (banner.text): saved as Property of Example, '"
        " 'changed outside this program to Gone fishing\\n'\n"
        "run(changes(SETUP, config, config, PLAIN, node), node, lambda progress: None)\n"
        "assert node.files[FILE] == 'Property of Example\\n'\n"
        "run(changes(SETUP, config, plain, PLAIN, node), node, lambda progress: None)\n"
        "assert FILE not in node.files and not drift(plain, node, PLAIN)\n"
    )
    subprocess.run([sys.executable, "-c", program], env=environment(installed, "tests"), check=True, timeout=60)


def test_it_is_found_where_it_is_installed_and_nowhere_else(installed: Path) -> None:
    assert entries() == ()
    (found,) = entries((str(installed), str(installed)))
    assert found.name == "banner"
    assert GROUP in (next(installed.glob("*.dist-info")) / "entry_points.txt").read_text()


UNFIT = replace(FEATURE, section=None)


def bare(text: str) -> object:
    """A grammar that forgets what its sentence needs."""
    raise Refused(FORM())


BROKEN = {
    "is no feature": (7, "it is no Feature, but a int"),
    "cannot be imported": (ImportError("No module named 'snmp'"), "ImportError: No module named 'snmp'"),
    "ends the program": (SystemExit(3), "SystemExit: 3"),
    "has a section of ours": (keyboard.FEATURE, "there is a section keyboard already"),
    "has a word of ours": (
        replace(FEATURE, parameters=(replace(FEATURE.parameters[0], words=(replace(WORD, also=("keyboard",)),)),)),
        "there is a word keyboard already",
    ),
    "has no such setting": (UNFIT, "there is no setting banner.text"),
    "has a page of ours": (replace(FEATURE, pages=(replace(PAGE, title="Security"),)), "there is a page Security"),
    "has a sentence without its values": (
        replace(FEATURE, parameters=(replace(FEATURE.parameters[0], words=(replace(WORD, grammar=bare),)),)),
        "Refused, and KeyError when it was asked",
    ),
    "has an example that is none": (
        replace(FEATURE, parameters=(replace(FEATURE.parameters[0], words=(replace(WORD, example="a\\b"),)),)),
        "Refused: must be one line",
    ),
    "has an opening that is no rule": (
        replace(FEATURE, openings=(Opening('a "port"', ("tcp dport 1",)),)),
        'it has an opening that is no rule: a "port"',
    ),
    "has an opening with a rule beside it": (
        replace(FEATURE, openings=(Opening("port", ("tcp dport 1 accept\n}",)),)),
        "it has an opening that is no rule: port",
    ),
    "talks to the terminal": (ValueError("\x1b]0;x\x07"), "ValueError: \\x1b]0;x\\x07"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_one_is_left_out_and_named(case: str) -> None:
    found, reason = BROKEN[case]
    features, broken = plugged(OWN, (Entry("first", found), Entry("second", FEATURE)))
    assert features == (FEATURE,)
    assert [each["name"] for each in broken] == ["first"] and str(broken[0]["reason"]).startswith(reason)
    (page,) = (page for feature in told(broken) for page in feature.pages)
    assert page.setup and "first" in str(page.rows[0])


def test_nobody_brings_the_same_twice() -> None:
    features, broken = plugged(OWN, (Entry("one", FEATURE), Entry("two", FEATURE)))
    assert features == (FEATURE,) and [str(each) for each in broken] == [
        "the plug-in two is left out: there is a section banner already"
    ]


def test_where_nothing_is_broken_nothing_is_shown() -> None:
    assert told(()) == ()
    assert isinstance(FEATURE, Feature) and Banner().text is None
