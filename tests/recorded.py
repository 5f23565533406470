"""Opens the program on a recorded machine: python tests/recorded.py install|setup tests/machines/NAME.json."""

import sys
import time
from dataclasses import dataclass
from pathlib import Path

from ovirt_tui.features.order import defaults
from ovirt_tui.machine import packet_filter
from ovirt_tui.machine.facts import load
from ovirt_tui.pages.firewall import openings
from ovirt_tui.system import Tell, Undo, silent
from ovirt_tui.system.disk_steps import Image
from ovirt_tui.system.fake import FakeSystem
from ovirt_tui.system.steps import Step
from ovirt_tui.ui.start import install, setup

MIB = 1024 * 1024
FIREWALL = Path(__file__).parent / "firewall"
FILTERED = {
    packet_filter.LISTED: (FIREWALL / "dhcp.json").read_text(),
    openings.SAVED: (FIREWALL / "dhcp-echo.json").read_text(),
}
"""What nft says on a node with the rules of its settings."""


@dataclass
class SlowSystem(FakeSystem):
    """Takes its time, so that the progress page can be seen."""

    def make(self, step: Step, tell: Tell = silent) -> Undo:
        if isinstance(step, Image):
            total = self.seen.image_mib * MIB
            for done in range(0, total, 4 * MIB):
                time.sleep(0.05)
                tell(done, total)
        else:
            time.sleep(0.3)
        return super().make(step, tell)


def main() -> None:
    name = Path(sys.argv[2])
    facts = load(name.read_text())
    trial = f"RECORDED MACHINE {name.stem}"
    system = SlowSystem(facts, outputs=dict(FILTERED), running=("web1", "mail"))
    if sys.argv[1] == "setup":  # of a node, on which something was saved
        from brought import brought

        node = brought(defaults(), facts)
        system.earlier, system.files = node.made, node.files
    elif facts.nodes:
        from boot_found import LOST

        system.found_boot = LOST
    {"install": install, "setup": setup}[sys.argv[1]](system, trial=trial)


if __name__ == "__main__":
    main()
