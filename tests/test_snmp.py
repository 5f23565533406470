"""The plug-in plugins/snmp: an SNMP agent, which the package knows nothing of and every door of it takes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from house import ROOT
from machines import PLAIN
from ovirt_tui.autoinstall.cmdline import read
from ovirt_tui.features.draft import Draft
from ovirt_tui.features.order import OWN
from ovirt_tui.features.plugins import plugged
from ovirt_tui.machine.facts import dump
from ovirt_tui.model.secrets import Confidential
from plugged import Entry, environment, installed_in

LINE = "storage_init=/dev/vda BOOTIF=eth0 adminpw=$6$salt$hash"
WORD = "top-secret{user}#1"


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that pip installed the plug-in into."""
    return installed_in(tmp_path_factory.mktemp("installed"), ROOT / "plugins/snmp")


def answer(installed: Path, command: str, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the program where the plug-in is installed, on a recorded machine."""
    machine = installed / "machine.json"
    machine.write_text(dump(PLAIN))
    argv = [sys.executable, "-m", "ovirt_tui", command, "--machine", machine, *words]
    return subprocess.run(argv, capture_output=True, text=True, timeout=60, env=environment(installed), check=False)


def within(installed: Path, *program: str) -> str:
    """What a Python program prints where the plug-in is installed."""
    argv = [sys.executable, "-c", "\n".join(program)]
    path = environment(installed, "tests")
    done = subprocess.run(argv, capture_output=True, text=True, timeout=120, env=path, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_it_can_stand_beside_all_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(ROOT / "plugins/snmp")
    from node_snmp import FEATURE

    assert plugged(OWN, (Entry("snmp", FEATURE),)) == ((FEATURE,), ())


def test_without_it_its_words_are_refused_by_name() -> None:
    (complaint,) = read(f"snmp_password={WORD}").complaints
    assert str(complaint) == "snmp_password: belongs to the plug-in snmp, which is not installed here"
    assert "snmp_user" in str(read("snmp_user=monitor").complaints[0])


def test_a_line_turns_it_on_and_shows_no_passphrase(installed: Path) -> None:
    said = answer(installed, "check", "--json", "--cmdline", f"{LINE} snmp_password={WORD}")
    config = json.loads(said.stdout)["config"]
    assert said.returncode == 0, said.stderr
    assert (config["snmp.enabled"], config["snmp.password"]) == (True, "***")
    planned = answer(installed, "plan", "--cmdline", f"{LINE} snmp_password={WORD} snmp_user=monitor").stdout
    assert "write /etc/ovirt-node/snmpd.conf (10 lines, mode 600)" in planned
    assert "restart ovirt-node-snmp.service if changed" in planned
    exported = answer(installed, "export", "--cmdline", f"{LINE} snmp_password={WORD} snmp_user=monitor").stdout
    assert "snmp=yes snmp_user=monitor" in exported
    assert WORD not in said.stdout + said.stderr + planned + exported


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("snmp_password=short", "snmp_password: shorter than 8 characters"),
        ("snmp_password=", "snmp_password: value required"),
        ('snmp_password="with blanks in"', "snmp_password: shorter than 8 characters, longer than 64, or with blanks"),
        ("snmp", "snmp_password: the agent answers nobody without a passphrase: give one"),
        ("snmp_password=longenough snmp_user=a:b", "snmp_user: must be a name"),
        ("snmp_password=longenough snmp_privacy_password=short", "snmp_privacy_password: shorter than 8"),
    ],
)
def test_what_is_wrong_is_told_by_its_word(installed: Path, words: str, why: str) -> None:
    said = answer(installed, "check", "--cmdline", f"{LINE} {words}")
    assert said.returncode == 2 and said.stderr.startswith(why), said.stderr


def test_the_lines_of_the_ancestors_mean_what_they_meant(installed: Path) -> None:
    vectors = [sys.executable, "tests/vectors.py", "tests/vectors/cmdline_cases.json"]
    done = subprocess.run(vectors, capture_output=True, text=True, timeout=120, env=environment(installed), check=False)
    assert done.stdout.splitlines()[-1] == "226 passed, 0 failed", done.stdout


NODE = (
    "from brought import brought",
    "from machines import with_",
    "from node_snmp import FILE, Snmp, SnmpPassphrase, UserName",
    "from ovirt_tui.features.drift import drift",
    "from ovirt_tui.features.order import defaults",
    "from ovirt_tui.plan.actions import SETUP",
    "from ovirt_tui.plan.runner import changes, run",
    "from ovirt_tui.plan.saved import saved_config",
    "from ovirt_tui.system.steps import Firewall",
    f"ONE, OTHER = SnmpPassphrase({WORD!r}), SnmpPassphrase('an-other-one')",
    "node = with_(slot='Root')",
    "plain = defaults().put('users.root_locked', True)",
    "on = plain.put('snmp.enabled', True).put('snmp.password', ONE)",
    "system = brought(on, node)",
    "system.earlier, system.made = system.made, []",
    "text = system.files[FILE]",
)


def test_a_node_keeps_what_it_was_given_and_says_it_again(installed: Path) -> None:
    within(
        installed,
        *NODE,
        f'assert \'createUser root SHA "{WORD}" AES "{WORD}"\' in text.splitlines()',
        "assert 'rouser root priv -V node' in text.splitlines()",
        f"assert [path for path, each in system.files.items() if {WORD!r} in each] == [FILE]",
        "assert not drift(on, system, node) and saved_config(system, node) == on",
        "two = on.put('snmp.privacy', OTHER).put('snmp.user', UserName('monitor'))",
        "other = brought(two, node)",
        "assert saved_config(other, node) == two and not drift(two, other, node)",
        "assert changes(SETUP, two, two.put('snmp.privacy', ONE), node, other)",
        "assert on.put('snmp.privacy', ONE).effective() == on",
        "system.files[FILE] = text.replace('createUser', '# createUser')",
        "assert [each.path for each in drift(on, system, node).differences] == ['snmp.user', 'snmp.password']"
        " or [each.path for each in drift(on, system, node).differences] == ['snmp.user']",
    )


def test_its_port_is_open_while_it_answers_and_no_longer(installed: Path) -> None:
    within(
        installed,
        *NODE,
        "opens = 'udp dport 161 accept comment \"SNMP\"'",
        "(was,) = [each.rules for each in system.earlier if isinstance(each, Firewall)]",
        "assert opens in was",
        "steps = [step for each in changes(SETUP, on, plain, node, system) for step in each.steps]",
        "(now,) = [each.rules for each in steps if isinstance(each, Firewall)]",
        "assert opens not in now and 'dport 22' in now",
        "run(changes(SETUP, on, plain, node, system), system, lambda progress: None)",
        "assert FILE not in system.files and not drift(plain, system, node)",
    )


def test_what_a_command_loads_for_it_is_little(installed: Path) -> None:
    said = within(
        installed,
        "import sys",
        "import ovirt_tui.features.order",
        "print('node_snmp' in sys.modules, {'importlib.metadata', 'dataclasses', 'inspect'} & {*sys.modules})",
    )
    assert said == "True set()\n"


def test_its_page_is_there(installed: Path) -> None:
    shown = within(
        installed,
        "from person import at_setup",
        "person, setup = at_setup()",
        "setup.open([page.title for page in setup.pages].index('SNMP'))",
        "person.press('f1')",
        "print(person.screen())",
    )
    assert "> SNMP" in shown or "An SNMP agent answers" in shown


def test_a_step_hides_what_it_writes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(ROOT / "plugins/snmp")
    from node_snmp import FEATURE, SnmpPassphrase

    config = Draft(PLAIN).config.sections[:0]
    from ovirt_tui.model.config import NodeConfig, Resolved

    snmp = FEATURE.section(enabled=True, password=SnmpPassphrase(WORD))
    written, restarted = FEATURE.actions[0].steps(Resolved(NodeConfig((*config, snmp))), PLAIN, None)
    assert isinstance(written.content, Confidential)
    assert WORD not in f"{written} {written!r} {restarted}"
