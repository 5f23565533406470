"""A service that does not start: what a unit of ours says itself is in the sentence, that of others is in the log."""

from __future__ import annotations

from pathlib import Path

import pytest

from ovirt_tui.system import StepFailed, services, silent
from ovirt_tui.system.services import Restarts
from ovirt_tui.system.steps import Restart
from ovirt_tui.system.tree import Tree


def failed(monkeypatch: pytest.MonkeyPatch, unit: str, said: str) -> StepFailed:
    """How the restart of *unit* fails that *said* this."""

    def run(argv: tuple[str, ...], **_limits: object) -> str:
        if argv[:2] == ("systemctl", "restart"):
            raise StepFailed("systemctl failed: see the journal")
        if argv[:2] == ("systemctl", "show"):
            return "7f3a\n"
        if argv[0] == "journalctl" and "_SYSTEMD_INVOCATION_ID=7f3a" in argv:
            return said
        return ""

    monkeypatch.setattr(services, "run", run)
    with pytest.raises(StepFailed) as failure:
        Restarts(Tree(Path("/"), live=True)).make(Restart(unit), silent)
    return failure.value


def test_what_our_own_unit_says_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "ovirt-node-x.service did not start with its new configuration"
    assert str(failed(monkeypatch, "ovirt-node-x.service", "it is \x1b full\n")) == f"{text}: it is \\x1b full"
    assert str(failed(monkeypatch, "ovirt-node-x.service", "")) == text
    other = str(failed(monkeypatch, "rsyslog.service", "error 17"))
    assert other == "rsyslog.service did not start with its new configuration"
