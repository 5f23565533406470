"""systemd units that a machine gets from its firmware (SMBIOS, type 11), not from its disk or kernel line."""

from __future__ import annotations

import base64

SHELL = {
    "systemd.unit-dropin.sysinit.target~root-shell": "[Unit]\nWants=debug-shell.service\n",
    "systemd.unit-dropin.debug-shell.service~root-shell": "[Service]\nTTYPath=/dev/ttyS1\n",
}
"""A root shell on the second serial line.  It may delay a restart by a minute and a half."""


def smbios_arguments(credentials: dict[str, str]) -> list[str]:
    """QEMU arguments that pass *credentials* (text by name) to the machine."""
    argv = []
    for name, text in credentials.items():
        coded = base64.b64encode(text.encode()).decode()
        argv += ["-smbios", f"type=11,value=io.systemd.credential.binary:{name}={coded}"]
    return argv
