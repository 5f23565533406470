"""How the volumes of a node are mounted."""

from machines import PLAIN
from ovirt_tui.autoinstall.cmdline import read
from ovirt_tui.autoinstall.understand import understand
from ovirt_tui.cli import plan_report
from ovirt_tui.system.steps import File


def options() -> dict[str, list[str]]:
    """The options of each line of the node's fstab, by where it is mounted."""
    found = understand(read("storage_init BOOTIF=eth0 adminpw=$6$salt$hash"), PLAIN)
    files = [step for each in plan_report.steps(found) for step in each.steps if isinstance(step, File)]
    (table,) = (step.content for step in files if step.path == "/etc/fstab")
    return {line.split()[1]: line.split()[3].split(",") for line in table.splitlines() if line.startswith("/dev/")}


def test_a_machine_with_many_disks_has_time_to_find_its_volumes_and_none_waits_for_ever() -> None:
    given = {
        point: [int(each.partition("=")[2]) for each in said if "timeout" in each] for point, said in options().items()
    }
    assert set(given) == {"/data", "/var/log", "none"}
    assert all(len(seconds) == 1 for seconds in given.values())
    assert given["/data"] == given["none"] >= [300] and [90] <= given["/var/log"] <= [120]


def test_what_guests_and_logs_fill_brings_neither_devices_nor_rights() -> None:
    for point in ("/data", "/var/log"):
        assert {"nodev", "nosuid"} <= set(options()[point])
