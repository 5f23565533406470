"""Resume, taking back, doing only what a change touches."""

from typing import ClassVar

import pytest

from brought import brought
from machines import PLAIN
from ovirt_tui.features.order import defaults
from ovirt_tui.model.network import Hostname, VlanId
from ovirt_tui.model.secrets import Crypted
from ovirt_tui.model.selectors import DiskSelector, NicSelector
from ovirt_tui.pages.network.feature import host_name, network
from ovirt_tui.plan.actions import INSTALL, SETUP
from ovirt_tui.plan.runner import Progress, changes, plan, run
from ovirt_tui.system import StepFailed, Tell, Undo, silent
from ovirt_tui.system.disk_steps import Bootable
from ovirt_tui.system.fake import FakeSystem
from ovirt_tui.system.steps import File, Password, Profiles, Restart, Run, Step

VDA = defaults().put("storage.boot_disk", DiskSelector("/dev/vda"))


def nobody(progress: Progress) -> None:
    """Tell nobody."""


def test_save_runs_only_what_the_change_touches() -> None:
    old = defaults()
    opened, node = old.put("users.ssh_password_login", True), brought(old)
    assert [each.title for each in changes(SETUP, old, opened, PLAIN, node)] == [
        "Setting how SSH lets people in",
        "Remembering the settings",
    ]
    assert changes(SETUP, old, old, PLAIN, node) == ()


def test_what_is_no_longer_wanted_is_removed() -> None:
    old = defaults().put("network.nic", NicSelector("eth0")).put("network.ntp", (Hostname("pool.example.org"),))
    new = old.put("network.nic", NicSelector("eth1")).put("network.ntp_enabled", False)
    plans = {each.title: [str(step) for step in each.steps] for each in changes(SETUP, old, new, PLAIN, brought(old))}
    assert plans["Configuring time servers"] == [
        "remove /etc/chrony/sources.d/ovirt-node.sources",
        "restart chrony.service if changed",
    ]
    gone = "remove /etc/NetworkManager/system-connections/ovirt-node-eth0.nmconnection"
    assert gone in plans["Configuring the network"]


def test_a_failed_run_resumes_where_it_stopped() -> None:
    planned = plan(INSTALL, VDA, PLAIN)
    stop = planned[2].steps[0]
    system = FakeSystem(PLAIN, fails_at=stop)
    with pytest.raises(StepFailed):
        run(planned, system, nobody)
    done = len(system.made)
    system.fails_at = None
    run(planned, system, nobody)
    assert system.made.index(stop) == done
    once = [step for step in system.made if not isinstance(step, Run | Restart)]
    assert len(set(once)) == len(once)


def test_an_action_that_fails_is_taken_back_whole() -> None:
    planned = plan(SETUP, defaults().put("users.ssh_password_login", True), PLAIN)
    drop_in, restart = next(each for each in planned if "SSH" in each.title).steps
    system = FakeSystem(PLAIN, fails_at=restart)
    with pytest.raises(StepFailed):
        run(planned, system, nobody)
    assert drop_in not in system.made


def test_what_cannot_be_prepared_is_not_begun() -> None:
    planned, told = plan(INSTALL, VDA, PLAIN), list[Progress]()
    system = FakeSystem(PLAIN, unprepared=planned[0].steps[0])
    with pytest.raises(StepFailed, match="could not load what is needed"):
        run(planned, system, told.append)
    assert not system.made and not system.begun() and not told


def test_a_service_goes_back_to_its_old_configuration() -> None:
    """The file is brought back first: a restart before that would pick the refused content up again."""

    class Picky(FakeSystem):
        """Its service refuses what is new."""

        starts: ClassVar[list[bool]] = []

        def make(self, step: Step, tell: Tell = silent) -> Undo:
            if step == restart:
                self.starts.append(self.holds(drop_in))
                if self.holds(drop_in):
                    raise StepFailed("it did not start")
            return super().make(step, tell)

    planned = plan(SETUP, defaults().put("users.ssh_password_login", True), PLAIN)
    drop_in, restart = next(each for each in planned if "SSH" in each.title).steps
    system = Picky(PLAIN)
    with pytest.raises(StepFailed, match="did not start"):
        run(planned, system, nobody)
    assert system.starts == [True, False]


def test_a_network_that_does_not_come_up_gives_way_to_the_one_before() -> None:
    """The old profiles are in use again, and those only that they were: an address of the new one must not stay."""
    eth0 = defaults().put("network.nic", NicSelector("eth0"))
    tagged = eth0.put("network.vlan", VlanId(7))
    for old, new, back in (
        (eth0, tagged, ("ovirt-node-eth0",)),
        (defaults(), tagged, ()),
        (tagged, defaults(), ("ovirt-node-eth0", "ovirt-node-eth0.7")),
    ):
        system = FakeSystem(PLAIN)
        run(plan((network,), old, PLAIN), system, nobody)
        (change,) = changes((network,), old, new, PLAIN, system)
        system.fails_at = change.steps[-1]
        before = [step for step in system.made if isinstance(step, File)]
        with pytest.raises(StepFailed) as failed:
            run((change,), system, nobody)
        assert failed.value.left == ()
        assert [step for step in system.made if isinstance(step, File)] == before
        assert system.made[-1] == Profiles(back)


def test_a_name_is_taken_back_from_the_kernel_too() -> None:
    old = defaults().put("network.hostname", Hostname("old"))
    renamed: list[bool] = []

    class Renamed(FakeSystem):
        """Takes a name, and fails at the first."""

        def make(self, step: Step, tell: Tell = silent) -> Undo:
            if isinstance(step, Run):
                renamed.append(self.holds(File("/etc/hostname", "new\n")))
                if renamed == [True]:
                    raise StepFailed("hostname failed")
            return super().make(step, tell)

    system = Renamed(PLAIN)
    system.make(File("/etc/hostname", "old\n"))
    (change,) = changes((host_name,), old, old.put("network.hostname", Hostname("new")), PLAIN, system)
    with pytest.raises(StepFailed):
        run((change,), system, nobody)
    assert renamed == [True, False]


def test_nothing_restarts_when_nothing_changed() -> None:
    planned = plan(SETUP, defaults(), PLAIN)
    system = FakeSystem(PLAIN)
    run(planned, system, nobody)
    before = list(system.made)
    run(planned, system, nobody)
    assert system.made == before
    assert any(isinstance(step, Restart) for step in before)


def test_nothing_becomes_bootable_unless_everything_is_proven() -> None:
    class Forgetful(FakeSystem):
        """Loses what it wrote, as a disk with a broken cache would."""

        def holds(self, step: object) -> bool:
            return False

    system = Forgetful(PLAIN)
    with pytest.raises(StepFailed, match="this does not hold"):
        run(plan(INSTALL, VDA, PLAIN), system, nobody)
    assert not any(isinstance(step, Bootable) for step in system.made)


def test_a_secret_is_in_no_plan_and_no_log() -> None:
    config = VDA.put("users.admin_password", Crypted("$6$salt$topsecret"))
    system = FakeSystem(PLAIN)
    planned = plan(INSTALL, config, PLAIN)
    told: list[Progress] = []
    run(planned, system, told.append)
    step = next(step for each in planned for step in each.steps if isinstance(step, Password))
    shown = [*map(str, planned), repr(planned), repr(step), repr(config), *map(repr, told), *system.lines]
    assert "topsecret" not in "".join(shown)
    assert not any("topsecret" in made.content for made in system.made if isinstance(made, File))


def test_the_dot_at_the_end_of_a_host_name_is_not_written() -> None:
    """systemd leaves it out of the name, which /etc/hosts has to know as it is."""
    (change,) = plan((host_name,), defaults().put("network.hostname", Hostname("node1.example.com.")), PLAIN)
    said = "\n".join(repr(step) for step in change.steps)
    assert "node1.example.com" in said and "node1.example.com." not in said
    (short,) = plan((host_name,), defaults().put("network.hostname", Hostname("node1.")), PLAIN)
    assert "alias" not in str(short)
