"""Every recipe of CONTRIBUTING.md is followed to the letter, in a copy of the tree, and its result is seen."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

from house import ROOT, SAMPLES, House

GENERATED = ("docs/", "po/", "tests/screens/", "tests/menus/", "tests/cases/")
"""What 'make accept' writes; a new case is there too."""
TOLD = ("parity.py", "docs.py", "pages.py", "layers.py", "documents.py", "problems.py", "lens.py", "main.py")
TOLD += ("manual_pages.py", "completion.py", "plugins.py", "long_texts.py")
"""The tests that tell who forgets a part of a recipe."""
OBSERVED = "observe.py::test_observing_is_the_inverse_of_applying_in_memory"
WRITTEN = "streams.py::test_an_answer_that_cannot_be_written_is_told_and_nothing_else_matters"
KEYMAPS = ("keymaps", "keymaps --json")
LINE = "storage_init=/dev/vda BOOTIF=eth0 adminpw=$6$salt$hash"
SECURITY, BOOT, NETWORK = "ovirt_tui/pages/security.py", "ovirt_tui/pages/boot.py", "ovirt_tui/pages/network"
MAIN, COMMANDS, PAGES = "ovirt_tui/__main__.py", "ovirt_tui/cli/commands.py", "ovirt_tui/reference/manual_pages.py"
DOCUMENTS, SCHEMA, REPORT = (
    "ovirt_tui/cli/documents.py",
    "ovirt_tui/reference/schema.py",
    "ovirt_tui/cli/json_report.py",
)
OPTIONS = "ovirt_tui/cli/options.py"
COMING = "ovirt_tui/autoinstall/coming.py"
WORD = """\
    Word(
        name="{name}",
        subject="{subject}",
        grammar={grammar},
        form={form},
        help=N_("{help}"),
        example="{example}",
        fills=("{path}",),
    )"""
BY_HAND = {
    BOOT,
    COMING,
    COMMANDS,
    DOCUMENTS,
    MAIN,
    OPTIONS,
    PAGES,
    REPORT,
    SCHEMA,
    "bootmenu/entries.py",
    "ovirt_tui/distro/almalinux.py",
    "ovirt_tui/features/order.py",
    "ovirt_tui/commands/keymaps.py",
    f"{NETWORK}/clock.py",
    f"{NETWORK}/feature.py",
    "ovirt_tui/pages/remote_log.py",
    "ovirt_tui/model/values.py",
    "tests/machines.py",
}
"""All that the recipes together touch beside."""
Step = Callable[[House], None]
FOLLOWED: dict[str, tuple[Step, Step]] = {}
"""What is done, and how its result is seen, by the title of the recipe."""


def recipe(title: str, seen: Step) -> Callable[[Step], Step]:
    """Keep what is done for the recipe called *title*, with how its result is *seen*."""

    def keep(done: Step) -> Step:
        FOLLOWED[title] = (done, seen)
        return done

    return keep


def names(house: House, title: str, *texts: str) -> None:
    """The recipe itself says where these go."""
    assert [text for text in texts if text not in house.recipe(title)] == []


def sees_a_page(house: House) -> None:
    assert "Keep the clock by NTP" in house.text("tests/screens/setup-clock.txt")
    assert "Clock" in house.text("tests/screens/security.txt"), "it is in the menu"


@recipe("A page", sees_a_page)
def a_page(house: House) -> None:
    names(house, "A page", "`ovirt_tui/pages/`", "`PAGE = Page(...)`", "`pages=` of the `FEATURE`", "`order`")
    house.add(f"{NETWORK}/clock.py", (SAMPLES / "clock.py").read_text())
    house.change(f"{NETWORK}/feature.py", "import checks, ", "import checks, clock, ")
    house.change(f"{NETWORK}/feature.py", "(page.PAGE,)", "(page.PAGE, clock.PAGE)")


def sees_a_parameter(house: House) -> None:
    assert house.check(f"{LINE} reboot_wait=7")["config"]["boot.reboot_delay"] == 7
    assert house.check(f"{LINE} reboot_wait=7 reboot_delay=8")["config"]["boot.reboot_delay"] == 8
    assert "### reboot_wait\n" in house.text("docs/parameters.md")
    line = ("--machine", "tests/machines/one-disk.json", "--cmdline", "reboot_wait=7")
    assert house.run(".venv/bin/python", "-m", "ovirt_tui", "export", *line) == "reboot_delay=7\n"


@recipe("A parameter", sees_a_parameter)
def a_parameter(house: House) -> None:
    names(house, "A parameter", "one more `Word(...)`", '`plain("section.setting", ...)`', "`PARAMETERS`")
    word = WORD.format(
        name="reboot_wait",
        subject="after",
        grammar="value(Seconds, NO_SECONDS)",
        form='N_("seconds from 0 to 86400")',
        help="The same as reboot_delay.",
        example="9",
        path="boot.reboot_delay",
    )
    house.insert(BOOT, "    ),", *(f"    {line}" for line in f"{word},".splitlines()), after='        "boot.reboot')


def sees_a_feature(house: House) -> None:
    found = house.check(f"{LINE} log_server=192.0.2.9 log_facility=local3 log_protocol=tcp node.log_level=debug")
    logged = {path: value for path, value in found["config"].items() if path.startswith("log.")}
    assert logged == {"log.server": "192.0.2.9", "log.facility": "local3", "log.protocol": "tcp", "log.level": "debug"}
    (problem,) = house.check(f"{LINE} log_server=localhost", status=2)["problems"]
    assert (problem["path"], problem["parameter"]) == ("log.server", "log_server")
    assert "### log_server\n" in house.text("docs/parameters.md")
    assert '"log.facility"' in house.text("docs/schema/check.json")
    assert "| `level` |" in house.text("docs/answers.md").partition("## [log]\n")[2].partition("\n## ")[0]
    assert "Log server" in house.text("tests/screens/setup-log-copies.txt")
    golden = house.text("tests/cases/logs-elsewhere.txt")
    assert 'target="192.0.2.9" facility="local3" protocol="tcp")' in golden and "restart rsyslog.service" in golden
    assert '| facility = "local3"' in golden, "it is remembered"


@recipe("A feature", sees_a_feature)
def a_feature(house: House) -> None:
    names(house, "A feature", "`ovirt_tui/pages/`", "`FEATURE`", "`ovirt_tui/features/order.py`", f"`{COMING}`")
    house.add("ovirt_tui/pages/remote_log.py", (SAMPLES / "remote_log.py").read_text())
    house.change(
        "ovirt_tui/features/order.py",
        ", security\n",
        ", remote_log, security\n",
    )
    house.insert("ovirt_tui/features/order.py", "    boot.FEATURE,", "    remote_log.FEATURE,")
    (refused,) = re.findall(
        r"        _word\(\n            \"node.log_level\",.*?\n        \),\n", house.text(COMING), re.S
    )
    house.change(COMING, refused, "")
    house.add(
        "tests/cases/logs-elsewhere.txt",
        f"machine: one-disk\ncmdline: {LINE} log_server=192.0.2.9 log_facility=local3 log_protocol=tcp\n",
    )


def sees_a_distribution(house: House) -> None:
    golden = house.text("tests/cases/almalinux.txt")
    assert "stub: EFI/almalinux/grub.cfg" in golden and "| pool 2.almalinux.pool.ntp.org iburst" in golden


@recipe("A distribution", sees_a_distribution)
def a_distribution(house: House) -> None:
    names(house, "A distribution", "`ovirt_tui/distro/`", "`replace()`", "`tests/machines.py`", "a case on it")
    house.add("ovirt_tui/distro/almalinux.py", (SAMPLES / "almalinux.py").read_text())
    house.insert("tests/machines.py", '    "fedora": ', '    "almalinux": with_(os_id="almalinux", efi=True),')
    house.add("tests/cases/almalinux.txt", f"machine: almalinux\ncmdline: {LINE}\n")


def sees_a_kind_of_text(house: House) -> None:
    assert house.check(f"{LINE} log_server=192.0.2.9 log_facility=local7")["config"]["log.facility"] == "local7"
    (problem,) = house.check(f"{LINE} log_server=192.0.2.9 log_facility=local8", status=2)["problems"]
    assert problem["parameter"] == "log_facility" and "must be a facility from local0 to local7" in problem["text"]


@recipe("A kind of text", sees_a_kind_of_text)
def a_kind_of_text(house: House) -> None:
    names(house, "A kind of text", "a class of three lines in `ovirt_tui/model/values.py`")
    house.insert(
        "ovirt_tui/model/values.py",
        "class KernelWords(Text):",
        "class Facility(Text):",
        '    wanted = N_("a facility from local0 to local7")',
        "    longest = 6",
        '    pattern = "local[0-7]"',
        "",
        "",
    )


def sees_a_check(house: House) -> None:
    (problem,) = house.check(f"{LINE} reboot_delay=4000", status=2)["problems"]
    assert (problem["parameter"], problem["text"]) == ("reboot_delay", "4000 seconds are more than anybody waits")


@recipe("A check", sees_a_check)
def a_check(house: House) -> None:
    names(house, "A check", "a function beside the section", "`rules` of its `FEATURE`", "above it the `Kind`")
    house.insert(
        BOOT,
        "MEMORY = ",
        'TOO_LONG = Kind("delay-too-long", N_("{seconds} seconds are more than anybody waits"))',
        "",
        "",
        "def delay_is_bearable(config: Resolved, facts: Facts) -> Iterator[Problem]:",
        "    if config[Boot].reboot_delay > 3600:",
        '        yield Problem("boot.reboot_delay", TOO_LONG(seconds=config[Boot].reboot_delay))',
        "",
        "",
    )
    house.change(BOOT, "rules=(words_can_be_kept,", "rules=(words_can_be_kept, delay_is_bearable,")
    house.change(BOOT, "import NodeConfig, Section", "import NodeConfig, Resolved, Section")


def sees_a_plug_in(house: House) -> None:
    found = house.check(f"{LINE} notice=Hello", plugged=True)
    assert found["config"]["notice.text"] == "Hello"
    (note,) = found["notes"]
    assert note["text"] == "the plug-in other is left out: there is a section notice already"
    shown = "from ovirt_tui.features.page_order import pages; print([page.title for page in pages()][-2:])"
    assert house.run(".venv/bin/python", "-c", shown, plugged=True) == "['Notice', 'Plug-ins']\n"
    (problem,) = house.check(f"{LINE} notice=Hello", status=2)["problems"]
    assert problem["parameter"] == "notice", "where it is not installed, its word is not known"


@recipe("A plug-in", sees_a_plug_in)
def a_plug_in(house: House) -> None:
    """Installed beside the tree, as the example is; another one that brings the same is in its way."""
    names(house, "A plug-in", "`FEATURE`", "`ovirt_tui.features`", "`pyproject.toml`", "`tests/plugin/` is one, whole")
    for name in ("notice", "other"):
        project = house.text("tests/plugin/pyproject.toml").replace("banner", name)
        module = house.text("tests/plugin/node_banner.py").replace("banner", "notice").replace("Banner", "Notice")
        house.install({"pyproject.toml": project, f"node_{name}.py": module})


def sees_a_subcommand(house: House) -> None:
    command = (".venv/bin/python", "-m", "ovirt_tui", "keymaps")
    assert house.run(*command, "--machine", "tests/machines/one-disk.json") == "de\nfr\nus\n"
    said = json.loads(house.run(*command, "--json", "--machine", "gone.json", status=2))
    assert said["keymaps"] == [] and [each["parameter"] for each in said["problems"]] == ["--machine"]
    assert '.SS "keymaps"\n' in house.text("docs/man/ovirt-tui.8")
    assert "'keymaps --machine') wants=FILE ;;" in house.text("docs/completion/ovirt-tui.bash")
    assert '"keymaps": {' in house.text("docs/schema/keymaps.json")


@recipe("A subcommand", sees_a_subcommand)
def a_subcommand(house: House) -> None:
    places = ("`ovirt_tui/commands/`", f"`{OPTIONS}`", f"`COMMANDS` of `{MAIN}`", f"`MANUALS` of `{COMMANDS}`")
    names(house, "A subcommand", *places, f"`{DOCUMENTS}`")
    names(house, "A subcommand", "`FILE`", "`--json`", "`Document`", f"`DOCUMENTS` of `{SCHEMA}`", f"`{REPORT}`")
    sample = (SAMPLES / "keymaps.txt").read_text()
    parts = {
        name: text.strip("\n").split("\n")
        for name, text in re.findall(r"^# (\w+)\n(.*?)(?=^# |\Z)", sample, re.M | re.S)
    }
    house.add("ovirt_tui/commands/keymaps.py", "\n".join((*parts["run"], "")))
    house.insert(OPTIONS, "def autoinstall(", *parts["arguments"], "", "")
    house.insert(MAIN, '    "facts": ', '    "keymaps": options.keymaps,')
    house.insert(COMMANDS, '    "facts": ', *parts["manual"])
    house.insert(DOCUMENTS, "Document = ", *parts["document"], "", "")
    house.change(DOCUMENTS, "Document = Check | Disks", "Document = Check | Keymaps | Disks")
    house.insert(SCHEMA, '    "facts": ', '    "keymaps": documents.Keymaps,')
    house.insert(REPORT, '    if command == "disks"', *parts["unusable"])


def sees_a_manual_page(house: House) -> None:
    page = house.text("docs/man/ovirt-node-subjects.7")
    assert page.startswith(".\\\" Made by 'make docs'") and "\n.TP\n\\fBaccounts\\fR\n" in page


@recipe("A manual page", sees_a_manual_page)
def a_manual_page(house: House) -> None:
    names(house, "A manual page", f"`PAGES` of `{PAGES}`", "`ovirt_tui/reference/roff.py`")
    house.insert(
        PAGES,
        "PAGES: ",
        "def subjects() -> str:",
        '    """All of ovirt-node-subjects(7)."""',
        "    entries = (roff.entry(roff.code(subject), title) for subject, title in SUBJECTS.items())",
        '    chunks = (roff.section("Description"), *entries, _see_also((PARAMETERS, 7)))',
        '    return roff.page("ovirt-node-subjects", 7, "what the words of the kernel line are about", SOURCE, chunks)',
        "",
        "",
    )
    house.change(PAGES, '.7": parameters,\n', '.7": parameters,\n    "ovirt-node-subjects.7": subjects,\n')


def sees_a_boot_menu_entry(house: House) -> None:
    menu = house.text("tests/menus/medium.cfg")
    assert menu.count('menuentry "Rescue shell after a test of the memory" --id memory {') == 2
    assert "memtest=4 rescue console=tty0" in menu, "on the serial console too"


@recipe("A boot menu entry", sees_a_boot_menu_entry)
def a_boot_menu_entry(house: House) -> None:
    names(house, "A boot menu entry", "a row in `bootmenu/entries.py`", "`_again()`")
    row = '        Entry("memory", "Rescue shell after a test of the memory", ("memtest=4", "rescue", *words)),'
    house.insert("bootmenu/entries.py", "        Entry(", row, after="def _again")


def sees_a_test_case(house: House) -> None:
    golden = house.text("tests/cases/only-the-name.txt")
    assert golden.startswith("machine: one-disk\ncmdline: storage_init=") and "| node9.example.com\n" in golden


@recipe("A test case", sees_a_test_case)
def a_test_case(house: House) -> None:
    names(house, "A test case", "`tests/cases/`", "`machine: NAME`", "`cmdline: WORDS`")
    text = f"machine: one-disk\ncmdline: {LINE} hostname=node9.example.com\n"
    house.add("tests/cases/only-the-name.txt", text)


def test_recipes(tmp_path: Path) -> None:
    house = House.copied(tmp_path / "tree")
    for done, _seen in FOLLOWED.values():
        done(house)
    house.accept()
    for _done, seen in FOLLOWED.values():
        seen(house)
    assert {name for name in house.touched() if not name.startswith(GENERATED)} == BY_HAND
    house.test(*TOLD, OBSERVED, *(f"{WRITTEN}[{name}]" for name in KEYMAPS))


def a_setting(house: House) -> None:
    names(house, "A setting", "a field of its section", '`plain("section.setting", Word(...))`', "`PARAMETERS`")
    names(house, "A setting", "a line in the step of its action", "a `Field` on its page", "A case")
    names(house, "A setting", "what `observe` reads of it there")
    field = 'setting(Seconds(120), N_("SSH login within"), N_("In seconds; 0: as long as it takes."))'
    house.insert(SECURITY, "    ssh_keys:", f"    ssh_grace: Seconds = {field}")
    word = WORD.format(
        name="ssh_grace",
        subject="accounts",
        grammar="value(Seconds)",
        form='N_("seconds from 0 to 86400")',
        help="Seconds that SSH gives a person to log in.",
        example="30",
        path="users.ssh_grace",
    )
    house.insert(SECURITY, "PARAMETERS = (", "SSH_GRACE = plain(", '    "users.ssh_grace",', word, ")")
    house.change(SECURITY, "PARAMETERS = (", "PARAMETERS = (SSH_GRACE, ")
    house.insert(
        SECURITY,
        "    for line in statements(content(reader, distro.ssh_drop_in)",
        '    found = re.search(r"(?m)^LoginGraceTime ([0-9]+)$", content(reader, distro.ssh_drop_in) or "")',
        '    yield observed(Users, "ssh_grace", found[1] if found else "120", distro.ssh_drop_in)',
    )
    house.change(SECURITY, 'tion no\\n")', 'tion no\\nLoginGraceTime {grace}\\n")')
    house.insert(SECURITY, "    allowed = ", "    grace = config[Users].ssh_grace")
    house.insert(SECURITY, "    ),", '        Field("users.ssh_grace"),', after="    rows=(")
    house.change(SECURITY, "import show", "import Seconds, show")
    house.add("tests/cases/time-to-log-in.txt", f"machine: one-disk\ncmdline: {LINE} ssh_grace=30\n")


def test_a_setting_is_one_file_and_what_is_generated(tmp_path: Path) -> None:
    house = House.copied(tmp_path / "tree")
    a_setting(house)
    house.accept()
    assert house.check(f"{LINE} ssh_grace=30")["config"]["users.ssh_grace"] == 30
    assert "### ssh_grace\n" in house.text("docs/parameters.md")
    assert '"users.ssh_grace"' in house.text("docs/schema/check.json")
    assert '"ssh_grace": {' in house.text("docs/schema/answers.json")
    assert "| `ssh_grace` |" in house.text("docs/answers.md")
    assert "SSH login within" in house.text("tests/screens/security.txt")
    golden = house.text("tests/cases/time-to-log-in.txt")
    assert "| LoginGraceTime 30\n" in golden and "| ssh_grace=30\n" in golden
    by_hand = {name for name in house.touched() if not name.startswith(GENERATED)}
    assert by_hand == {SECURITY}
    house.test("parity.py", "docs.py", "pages.py", "documents.py", "lens.py", "one_model.py", OBSERVED)


def test_every_recipe_is_followed() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text().partition("## Recipes")[2].partition("\n## ")[0]
    assert set(re.findall(r"^\*\*(.+?)\*\*", text, re.M)) == {*FOLLOWED, "A setting"}
