"""Reported: posts the facts of the node to its management server (docs/management-server.md)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import urlsplit

from ovirt_tui.machine import engine, report
from ovirt_tui.machine.facts import Facts
from ovirt_tui.machine.report import Sent
from ovirt_tui.system import StepFailed, Tell, Undo
from ovirt_tui.system.command import run
from ovirt_tui.system.engine_call import call
from ovirt_tui.system.engines import CLIENT_SECONDS, HOSTNAME, Engines, first_line, text_of
from ovirt_tui.system.files import Files
from ovirt_tui.system.steps import File, Reported
from ovirt_tui.system.tree import Tree

HTTPS = 443


class Reports:
    """Reported: what the server has is what was posted last."""

    def __init__(self, tree: Tree, facts: Callable[[], Facts]) -> None:
        self.tree, self.facts, self._files, self._engines = tree, facts, Files(tree), Engines(tree)

    def holds(self, step: Reported) -> bool:
        if not self.tree.live:
            return True
        found = report.sent(text_of(self.tree, report.STATE))
        wanted = (step.url, step.fingerprint, self._engines.id())
        return found is not None and (found.url, found.fingerprint, found.id) == wanted

    def make(self, step: Reported, tell: Tell) -> Undo:
        known = self._engines.id()
        parts = urlsplit(step.url)
        server, port = parts.hostname or "", parts.port or HTTPS
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        asked = call("post", server, port, fingerprint=step.fingerprint, target=target)
        body = report.body(known, first_line(self.tree, HOSTNAME), self.facts())
        answer = engine.heard(run(asked, seconds=CLIENT_SECONDS, stdin=body, reads=True))
        if why := engine.why(answer, server, port):
            raise StepFailed(str(why))
        at = f"{datetime.now(UTC):%Y-%m-%d %H:%M}"
        kept = Sent(url=step.url, fingerprint=step.fingerprint, id=known, at=at)
        return self._files.make(File(report.STATE, report.written(kept)), tell)
