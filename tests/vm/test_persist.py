"""What is persisted lasts on a real node, over a full Config and a restart; accounts and hooks at its start."""

from __future__ import annotations

from pathlib import Path

from testbed.console import Console, Terminal
from testbed.person import BOOT, STEP
from testbed.saved import Node, at_login
from vm.conftest import Boot

HOOK = "/etc/ovirt-node/hooks/on-boot.d"
STORED = "ls /config/persisted | xargs"


def said(shell: Terminal, line: str) -> str:
    """What a command prints, and its exit status."""
    return shell.run(f"{line} 2>&1; echo status $?", STEP)


def persisted(shell: Terminal) -> None:
    """A folder and a file are kept, and both replaced by a rename; the rest is told."""
    shell.run("mkdir -p /opt/agent /opt/lost && echo one > /opt/agent/conf && touch /opt/lost/f")
    assert "status 0" in said(shell, "persist /opt/agent")
    shell.run("echo tool > /usr/local/bin/tool")
    told = said(shell, "persist /usr/local/bin/tool /etc/hostname /usr/bin/env /proc/1")
    assert "with its folder /usr/local/bin" in told and "/etc/hostname already lasts" in told
    assert "/usr/bin belongs to the image" in told and "/proc is no part" in told and "status 1" in told
    shell.run("cd /opt/agent && echo two > new && mv new conf && cd /usr/local/bin && echo new > x && mv x tool; cd")
    kept, _title, lost = said(shell, "ovirt-tui persisted").partition("takes away")
    assert "/opt/agent: kept by 'persist'" in kept and "/etc: always lasts" in kept
    assert "/opt/lost/f" in lost and "/opt/agent" not in lost


def full(shell: Terminal) -> None:
    """What does not fit on Config is refused, and what is there stays as it is."""
    shell.run(
        "mkdir /opt/big && head -c 8M /dev/zero > /opt/big/zeros && dd if=/dev/zero of=/config/filler bs=1M", STEP
    )
    refused = said(shell, "persist /opt/big")
    assert "/opt/big needs 9 MiB on Config, where there is room for 0 bytes; nothing was kept" in refused
    assert "status 1" in refused
    assert "No space left on device" in said(shell, "(head -c 1M /dev/zero > /opt/agent/.conf)")
    shell.run("rm /config/filler /opt/agent/.conf")
    assert shell.run(STORED) == "opt%2Fagent usr%2Flocal%2Fbin" and shell.run("cat /opt/agent/conf") == "two"


def damaged(shell: Terminal) -> None:
    """A hook that fails, an account that is half made, and a file that a disk lost."""
    shell.run(f"mkdir -p {HOOK} && printf '#!/bin/sh\\necho no sensor here; exit 1\\n' > {HOOK}/10-a")
    shell.run(f"chmod 755 {HOOK}/10-a")
    shell.run("echo site:x:1234:100::/home/site:/bin/sh >> /etc/passwd; : > /etc/group; sync")


def switched_off(console: Console, shell: Terminal) -> None:
    shell.run("sync; systemctl poweroff")
    console.ended(STEP)


def test_what_is_persisted_lasts(folder: Path, boot: Boot, node: Node) -> None:
    guest = node.guest(folder)
    with boot(guest) as console:
        shell = at_login(console).root_shell()
        persisted(shell)
        full(shell)
        damaged(shell)
        assert "status 0" in said(shell, "unpersist /opt/agent; persist /opt/agent")
        shell.run("mkdir /opt/other && echo here > /opt/other/f")
        assert "status 0" in said(shell, "persist /opt/other && unpersist /opt/other")
        assert shell.run("cat /opt/other/f") == "here", "until the next start"
        switched_off(console, shell)
    guest = guest.with_(state="")
    with boot(guest) as console:
        console.wait("accounts were mended at this start: /etc/group was damaged", BOOT, since=0)
        console.wait(r"login: *$", BOOT)
        shell = console.root_shell()
        assert shell.run("cat /opt/agent/conf /usr/local/bin/tool; ls /opt").split() == ["two", "new", "agent"]
        assert shell.run("getent shadow site admin | cut -d: -f1,2 | cut -c1-7").split() == ["site:!*", "admin:$"]
        assert shell.run("until systemctl is-active ovirt-node-hooks; do sleep 1; done", STEP).endswith("active")
        assert shell.run("systemctl is-active ovirt-node-accounts") == "active"
        assert shell.run("cat /etc/ovirt-node/.accounts") == shell.run("sed -n s/^IMAGE_VERSION=//p /etc/os-release")
        assert "failed with exit status 1: no sensor here" in shell.run("journalctl -b -t ovirt-node-hooks -o cat")
        assert shell.run(STORED) == "opt%2Fagent usr%2Flocal%2Fbin"
