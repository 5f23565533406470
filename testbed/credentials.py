"""Units of systemd that a machine gets from its firmware (SMBIOS, type 11), not from its disk or kernel line."""

from __future__ import annotations

import base64

SHELL = {
    "systemd.unit-dropin.sysinit.target~root-shell": "[Unit]\nWants=debug-shell.service\n",
    "systemd.unit-dropin.debug-shell.service~root-shell": "[Service]\nTTYPath=/dev/ttyS1\n",
}
"""A shell of root on the second serial line.  It may hold up a restart for a minute and a half."""


def handed(credentials: dict[str, str]) -> list[str]:
    """What QEMU must be told for the machine to find *credentials* (text by name) when it starts."""
    argv = []
    for name, text in credentials.items():
        coded = base64.b64encode(text.encode()).decode()
        argv += ["-smbios", f"type=11,value=io.systemd.credential.binary:{name}={coded}"]
    return argv
