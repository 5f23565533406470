"""What a feature lets in from outside."""

from __future__ import annotations

from collections.abc import Callable

from ovirt_tui.model.config import NodeConfig
from ovirt_tui.model.records import dataclass


def always(config: NodeConfig) -> bool:
    """What *when* says of what is open whatever is configured."""
    return True


@dataclass(frozen=True)
class Opening:
    """What can be reached, and by which packets, while *when* says so.

    The name is the comment of its rules, by which the page Firewall tells it.  Each of *matches* is what stands before
    'accept' in a rule of nftables, such as 'tcp dport 22'.
    """

    name: str
    matches: tuple[str, ...]
    when: Callable[[NodeConfig], bool] = always
