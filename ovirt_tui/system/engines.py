"""Registered: registers the node with an oVirt Engine, and lets it in.

What the engine is told, and what of it is kept, is in docs/engine.md.  The engine's key is in a file of its own, so
that it neither mixes with the keys of people nor stays behind when the engine is no longer wanted.
"""

from __future__ import annotations

import re
import uuid
from contextlib import suppress
from datetime import UTC, datetime

from ovirt_tui.i18n import _
from ovirt_tui.machine import engine
from ovirt_tui.machine.engine import Registration
from ovirt_tui.model.public_keys import SshKey
from ovirt_tui.model.values import Unfit
from ovirt_tui.system import StepFailed, Tell, Undo
from ovirt_tui.system.command import run
from ovirt_tui.system.engine_call import call
from ovirt_tui.system.files import Files
from ovirt_tui.system.steps import File, Registered
from ovirt_tui.system.tree import Tree

CLIENT_SECONDS = 30
"""More than the client gives itself."""
VDSM_ID = "/etc/vdsm/vdsm.id"
"""Where every generation of hosts has the id by which engines know them."""
DMI = "/sys/class/dmi/id/product_uuid"
MACHINE_ID = "/etc/machine-id"
HOSTNAME = "/proc/sys/kernel/hostname"
RSA_KEY = "/etc/ssh/ssh_host_rsa_key.pub"
SSH_PORT, VDSM_PORT = "22", "54321"
NAMESPACE = uuid.UUID("5f0c0fd2-6d4f-4e6b-9c4e-0d6f1b0a7a51")
"""Ours: the id of a machine whose firmware has none is made of this and of its machine-id."""
OF_NOBODY = ("00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff",
             "03000200-0400-0500-0006-000700080009")  # fmt: skip
"""What firmware says that nobody has told who it is."""
NOT_OF_AN_ID = re.compile(r"[^A-Za-z0-9.:_-]")
LONGEST_ID, LONGEST_FILE = 128, 16384
NO_NAMES = ("", "localhost", "(none)")


class Engines:
    """Registered: what the engine knows is asked once, and remembered."""

    def __init__(self, tree: Tree) -> None:
        self.tree, self._files = tree, Files(tree)

    def holds(self, step: Registered) -> bool:
        if not self.tree.live:
            return True
        found = engine.registration(self._text(engine.STATE))
        wanted = (step.server, str(step.port), step.fingerprint, step.user, self.id())
        return (
            found is not None
            and (found.server, found.port, found.fingerprint, found.user, found.id) == wanted
            and self._files.holds(File(engine.keys_of(found.user), engine.line(found.key)))
        )

    def make(self, step: Registered, tell: Tell) -> Undo:
        made = self._registered(step)
        wanted = (
            File(VDSM_ID, f"{made.id}\n"),
            File(engine.keys_of(step.user), engine.line(made.key)),
            File(engine.STATE, engine.written(made)),
        )
        undone: list[Undo] = []

        def undo() -> None:
            while undone:
                undone.pop()()

        try:
            for file in wanted:
                undone.append(self._files.make(file, tell))
        except StepFailed:
            undo()
            raise
        return undo

    def _registered(self, step: Registered) -> Registration:
        """Register the node; StepFailed says in a sentence why that failed."""
        known = {"uniqueId": self.id(), "sshUser": step.user, "sshPort": SSH_PORT, "vdsPort": VDSM_PORT}
        short = self._first_line(HOSTNAME).partition(".")[0]
        known |= {} if short in NO_NAMES else {"name": short}
        known |= self._host_key()
        asked = call("register", step.server, step.port, fingerprint=step.fingerprint, parameters=known)
        answer = engine.heard(run(asked, seconds=CLIENT_SECONDS, reads=True))
        if why := engine.why(answer, step.server, step.port):
            raise StepFailed(str(why))
        try:
            key = SshKey(str(answer.get("key", "")))
        except Unfit as unfit:
            text = _("the SSH key of {server} is not let in: {why}")
            raise StepFailed(text.format(server=step.server, why=unfit)) from unfit
        return Registration(
            server=step.server,
            port=str(step.port),
            fingerprint=step.fingerprint,
            id=known["uniqueId"],
            address=str(answer.get("address", "")),
            user=step.user,
            key=str(key),
            at=f"{datetime.now(UTC):%Y-%m-%d %H:%M}",
        )

    def id(self) -> str:
        """What engines know this host by: what it was once, else that of its firmware, else one of its own."""
        if kept := NOT_OF_AN_ID.sub("", self._first_line(VDSM_ID))[:LONGEST_ID]:
            return kept
        with suppress(ValueError):  # "Not Settable", or nothing
            found = str(uuid.UUID(self._first_line(DMI)))
            if found not in OF_NOBODY:
                return found
        return str(uuid.uuid5(NAMESPACE, self._first_line(MACHINE_ID)))

    def _host_key(self) -> dict[str, str]:
        """What the engine compares at its first login.  It asks for an RSA key then, whatever it was told of."""
        try:
            return {"sshKeyFingerprint": SshKey(self._text(RSA_KEY)).fingerprint}
        except Unfit:
            return {}

    def _first_line(self, path: str) -> str:
        return first_line(self.tree, path)

    def _text(self, path: str) -> str:
        return text_of(self.tree, path)


def first_line(tree: Tree, path: str) -> str:
    """The first line of a small file, without blanks around it; "" where there is none."""
    return next(iter(text_of(tree, path).splitlines()), "").strip()


def text_of(tree: Tree, path: str) -> str:
    """The text of a small file; "" where there is none."""
    try:
        with tree.path(path).open("rb") as file:
            return file.read(LONGEST_FILE).decode(errors="replace")
    except OSError:
        return ""
