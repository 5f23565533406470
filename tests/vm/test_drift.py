"""A node that was changed in a shell: drift reports where, and an answer file restores it."""

from __future__ import annotations

from pathlib import Path

from testbed.person import STEP
from testbed.saved import HOST, Node, at_login
from vm.conftest import Boot

NAME, SHORT = HOST, HOST.partition(".")[0]
DRIFT = "ovirt-tui drift; echo status $?"
APPLY = "ovirt-tui apply {check} --answers /root/a.toml; echo status $?"
CHANGED = (
    "echo node9 > /etc/hostname; echo 192.0.2.9 other >> /etc/hosts; sed -i 's/^127.0.1.1.*/127.0.1.1 a/' /etc/hosts"
)


def test_what_was_changed_in_a_shell_is_told_and_put_back(folder: Path, boot: Boot, node: Node) -> None:
    with boot(node.guest(folder)) as console:
        at_login(console)
        shell = console.root_shell()
        assert "This node is as it was saved." in shell.run(DRIFT, STEP)
        own = shell.run("grep ^127.0.1.1 /etc/hosts")
        assert own.split() == ["127.0.1.1", NAME, SHORT]
        shell.run(CHANGED)
        said = shell.run(DRIFT, STEP)
        assert f"saved as {NAME}, changed outside this program to node9" in " ".join(said.split())
        assert "/etc/hosts does not say any more what this program wrote" in " ".join(said.split())
        assert "status 3" in said
        shell.run("echo 'keyboard.layout = \"de\"' > /root/a.toml")
        said = shell.run(APPLY.format(check="--check"), STEP)
        assert "write /etc/hostname" in said and "KEYMAP=de in /etc/default/keyboard" in said and "status 3" in said
        assert shell.run("cat /etc/hostname") == "node9"
        assert "status 0" in shell.run(APPLY.format(check=""), STEP)
        assert shell.run("cat /etc/hostname") == NAME
        assert shell.run("grep ^127.0.1.1 /etc/hosts").split() == own.split()
        assert shell.run("tail -n 1 /etc/hosts") == "192.0.2.9 other", "an entry of somebody else"
        assert "KEYMAP=de" in shell.run("grep -v ^# /etc/default/keyboard").split()
        assert "Nothing to do: nothing differs." in shell.run(APPLY.format(check=""), STEP)
        said = shell.run(DRIFT, STEP)
        assert "This node is as it was saved." in said and "status 0" in said
        shell.run("echo 'network = 7' > /root/a.toml")
        said = shell.run(APPLY.format(check=""), STEP)
        assert "/root/a.toml: network: is a section" in said and "status 2" in said
