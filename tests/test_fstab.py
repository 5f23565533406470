"""How the volumes of a node are mounted."""

from machines import PLAIN
from ovirt_tui import report
from ovirt_tui.autoinstall.cmdline import read
from ovirt_tui.autoinstall.understand import understand
from ovirt_tui.steps import File


def test_what_guests_and_logs_fill_brings_neither_devices_nor_rights() -> None:
    found = understand(read("storage_init BOOTIF=eth0 adminpw=$6$salt$hash"), PLAIN)
    files = [step for each in report.steps(found) for step in each.steps if isinstance(step, File)]
    (table,) = (step.content for step in files if step.path == "/etc/fstab")
    options = {line.split()[1]: line.split()[3].split(",") for line in table.splitlines() if line.startswith("/dev/")}
    for point in ("/data", "/var/log"):
        assert {"nodev", "nosuid"} <= set(options[point])
