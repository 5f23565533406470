"""Page, kernel line and answer file: who says the same at any of them gets the same plan, or the same refusal."""

from __future__ import annotations

from collections.abc import Iterable

from hypothesis import given, settings, target
from hypothesis import strategies as st

from machines import MACHINES
from models import configs
from ovirt_tui.autoinstall import answers
from ovirt_tui.autoinstall.cmdline import read
from ovirt_tui.autoinstall.lens import offered
from ovirt_tui.autoinstall.understand import NIC, Understood, understand
from ovirt_tui.cli.plan_report import steps
from ovirt_tui.features.draft import Draft
from ovirt_tui.features.order import defaults
from ovirt_tui.model.config import NodeConfig
from ovirt_tui.model.problems import Problem
from ovirt_tui.model.secrets import Crypted
from ovirt_tui.model.selectors import DiskName, DiskSelector, NicSelector
from ovirt_tui.model.values import show
from ovirt_tui.plan.actions import INSTALL
from ovirt_tui.plan.runner import Planned, plan
from test_lens import sayable

HASH = "$6$salt$hash"
FACTS = MACHINES["two-disks"]
BOOT = ("/dev/vda", "/dev/vdb", "virtio:a0001", "/dev/disk/by-id/virtio-b0001", "size=1G-100G", "/dev/vdz", "only")
DATA = ("/dev/vda", "/dev/vdb", "virtio:b0001", "virtio:ALL", "/dev/vdy")
NICS = ("eth0", "eth1", "52:54:00:12:34:56", "link", "eth7")
APART = ("boot_disk", "data_disks", "override")
SECRETS = tuple(each.path for each in defaults().settings() if each.secret)
Outcome = tuple[frozenset[tuple[str, str]], tuple[Planned, ...]]
"""What is refused, and the plan where nothing is."""


def chosen(names: tuple[str, ...], most: int) -> st.SearchStrategy[tuple[DiskSelector, ...]]:
    return st.lists(st.sampled_from(names).map(DiskSelector), max_size=most).map(tuple)


@st.composite
def installations(draw: st.DrawFn) -> NodeConfig:
    """Of the machine with two disks: some that are right, some about what it does not have."""
    apart = (*(f"storage.{name}" for name in APART), NIC, *SECRETS, "users.expired", "boot.words")
    sizes = tuple(each.path for each in defaults().settings() if each.path.startswith("storage."))
    config = draw(configs((*apart, *sizes)) if draw(st.booleans()) else configs(apart))
    config = config.put("storage.boot_disk", DiskSelector(draw(st.sampled_from(BOOT))))
    config = config.put("storage.data_disks", draw(chosen(DATA, 2)))
    config = config.put("storage.override", draw(st.just(()) | st.just((DiskName("/dev/vda"),))))
    return sayable(config.put(NIC, draw(st.none() | st.sampled_from(NICS).map(NicSelector))))


def told(problems: Iterable[Problem]) -> frozenset[tuple[str, str]]:
    return frozenset((each.path, each.text) for each in problems)


def on_pages(config: NodeConfig) -> Outcome:
    """Every setting is typed."""
    draft = Draft(FACTS)
    for each in config.settings():
        if not each.secret:
            draft.put(each.path, show(config.get(each.path)))
    draft.take("users.admin_password", Crypted(HASH))
    draft.take("users.expired", True)
    problems = told(draft.problems())
    return problems, () if problems else plan(INSTALL, draft.config, FACTS)


def understood(found: Understood) -> Outcome:
    problems = frozenset((each.path, each.text) for each in found.complaints)
    return problems, () if problems else steps(found)


def on_a_line(config: NodeConfig) -> Outcome:
    line = " ".join((*offered(config), f"adminpw={HASH}"))
    return understood(understand(read(line, whole=False), FACTS))


def in_a_file(config: NodeConfig) -> Outcome:
    said = answers.read("node.toml", answers.write(config, (NIC,)).encode())
    password = answers.read("secret.toml", f'users = {{admin_password = "{HASH}", expired = true}}'.encode())
    return understood(understand(read("").over((said, password)), FACTS))


@settings(max_examples=300)
@given(installations())
def test_the_same_is_the_same_everywhere(config: NodeConfig) -> None:
    page, line, file = on_pages(config), on_a_line(config), in_a_file(config)
    target(-float(len(page[0])))
    assert page == line
    assert page == file


def test_it_is_about_plans_and_about_refusals() -> None:
    right = defaults().put("storage.boot_disk", DiskSelector("/dev/vda")).put(NIC, NicSelector("eth0"))
    for config, refused in ((right, False), (right.put("storage.boot_disk", DiskSelector("/dev/vdz")), True)):
        problems, planned = on_pages(config)
        assert bool(problems) == refused and bool(planned) != refused
