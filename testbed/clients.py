"""The clients that manage a node from another machine: ssh, scp, sftp, virsh, virt-install, Ansible.

Each is the unmodified program of this host; all connect to the node as admin through one port.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

NODE = "node"
SECONDS = 180
"""Timeout of a client; the node may be emulated."""


class Clients:
    """The clients of this host for the node behind *port*; their configuration is written to *folder*."""

    def __init__(self, port: int, password: str, folder: Path) -> None:
        self.folder, self.password = folder, password
        self.key = folder / "key"
        self.config = folder / "ssh_config"
        self._answer = self._program("answer", f"cat <<'END'\n{password}\nEND")
        self._ssh = self._program("ssh", f'exec /usr/bin/ssh -F {self.config.resolve()} "$@"')
        subprocess.run(("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", self.key), check=True, timeout=60)
        options = {"HostName": "127.0.0.1", "Port": port, "User": "admin", "ConnectTimeout": 60, "LogLevel": "ERROR"}
        options |= {"StrictHostKeyChecking": "no", "UserKnownHostsFile": "/dev/null", "IdentitiesOnly": "yes"}
        options |= {"IdentityFile": self.key.resolve(), "NumberOfPasswordPrompts": 1}
        self.config.write_text("\n".join((f"Host {NODE}", *(f"{name} {value}" for name, value in options.items()))))

    @property
    def uri(self) -> str:
        """The URI of the node's libvirt."""
        return f"qemu+ssh://{NODE}/system?command={self._ssh.resolve()}"

    def run(self, *argv: str | Path, stdin: str = "", seconds: int = SECONDS) -> str:
        """The output of a client; AssertionError with its output when it fails."""
        environment = {**os.environ, "SSH_ASKPASS": str(self._answer.resolve()), "SSH_ASKPASS_REQUIRE": "force"}
        environment |= {"LC_ALL": "C.UTF-8", "ANSIBLE_HOST_KEY_CHECKING": "0", "HOME": str(self.folder.resolve())}
        done = subprocess.run(argv, input=stdin, capture_output=True, text=True, timeout=seconds, env=environment)
        if done.returncode:
            raise AssertionError(f"{argv} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
        return done.stdout

    def ssh(self, command: str, *options: str, stdin: str = "") -> str:
        """The output of *command* on the node."""
        return self.run("ssh", "-F", self.config, *options, NODE, command, stdin=stdin)

    def virsh(self, *words: str | Path) -> str:
        """The output of virsh, with twice the timeout."""
        return self.run("virsh", "--connect", self.uri, *words, seconds=2 * SECONDS)

    def ansible(self, *words: str) -> str:
        """The output of Ansible for one task on the node."""
        inventory = self.folder / "inventory"
        known = {"ansible_user": "admin", "ansible_ssh_common_args": f"-F {self.config.resolve()}"}
        known |= {"ansible_become_password": self.password, "ansible_timeout": "60"}
        inventory.write_text(" ".join((NODE, *(f"{name}='{value}'" for name, value in known.items()))) + "\n")
        return self.run("ansible", "--inventory", inventory, NODE, *words, seconds=2 * SECONDS)

    def _program(self, name: str, script: str) -> Path:
        path = self.folder / name
        path.touch(mode=0o700)
        path.write_text(f"#!/bin/sh\n{script}\n")
        return path
