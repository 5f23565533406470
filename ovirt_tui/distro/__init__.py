"""What may differ between distributions, as one object each."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ovirt_tui.features.observation import Seen
from ovirt_tui.model.records import dataclass
from ovirt_tui.pages.network.settings import Network
from ovirt_tui.system import Reader, Step

NetworkSteps = Callable[[Network], tuple[Step, ...]]
NetworkSeen = Callable[[Reader], Iterable[Seen]]


@dataclass(frozen=True, kw_only=True)
class Distro:
    """All that may differ.  Paths are seen from the root of the node."""

    ssh_service: str
    ssh_drop_in: str
    ntp_service: str
    ntp_sources: str  # a file of our own that names time servers
    ntp_pool: str  # used while no time server is named
    keymap_file: str
    keymap_service: str  # loads the layout of keymap_file
    efi_stub: str  # where the signed GRUB looks for its menu, on the ESP
    network: NetworkSteps
    network_seen: NetworkSeen  # the inverse of it
