"""The iSCSI targets of a node: what is wrong with them, and the file by which it logs in to them."""

from __future__ import annotations

from collections.abc import Iterator

from ovirt_tui.distro import Distro
from ovirt_tui.features.feature import action
from ovirt_tui.features.observation import Seen, content, observed, statements
from ovirt_tui.features.parameter import Put
from ovirt_tui.i18n import N_
from ovirt_tui.machine.facts import Facts
from ovirt_tui.model.config import Resolved, in_effect
from ovirt_tui.model.problems import Kind, Problem
from ovirt_tui.model.secrets import Confidential, Passphrase
from ovirt_tui.pages.remote.own_disk import kept
from ovirt_tui.pages.remote.settings import Remote, has_targets
from ovirt_tui.system import Reader, Step

TARGETS = "/etc/ovirt-node/iscsi"
"""Read by ovirt_tui/system/iscsi.py."""
LOGIN = "ovirt-node-targets.service"
NO_TARGET = Kind("portal-without-target", N_("{portal} is a portal; which of its targets is meant follows a slash"))
TWICE = Kind("target-twice", N_("{target} is there twice"))
NO_PASSWORD = Kind("chap-without-password", N_("a user needs a password"))
SAME = Kind("chap-same-password", N_("must be another than that of the node: who knows it could pass for the target"))
NO_USER = Kind("chap-without-user", N_("means nothing without a user"))
SHORT = Kind("chap-password-short", N_("many targets take no password of fewer than {least} characters"))
LEAST = 12
"""Bytes of a CHAP password that is sent where others may listen (RFC 7143, 9.2.1)."""


def targets_are_named(config: Resolved, facts: Facts) -> Iterator[Problem]:
    targets = config[Remote].targets
    yield from (Problem("remote.targets", NO_TARGET(portal=each)) for each in targets if not each.name)
    twice = {each for each in targets if targets.count(each) > 1}
    yield from (Problem("remote.targets", TWICE(target=each)) for each in sorted(twice))


def chap_is_whole(config: Resolved, facts: Facts) -> Iterator[Problem]:
    remote = in_effect(config[Remote])
    if remote.user and not remote.password:
        yield Problem("remote.password", NO_PASSWORD())
    if remote.target_user and not remote.target_password:
        yield Problem("remote.target_password", NO_PASSWORD())
    if remote.password and remote.password == remote.target_password:
        yield Problem("remote.target_password", SAME())


def chap_is_strong(config: Resolved, facts: Facts) -> Iterator[Problem]:
    remote = config[Remote]
    meant = in_effect(remote)
    for name in ("password", "target_password"):
        if (given := getattr(remote, name)) and not getattr(meant, name):
            yield Problem(f"remote.{name}", NO_USER())
        elif given and len(given.reveal()) < LEAST:
            yield Problem(f"remote.{name}", SHORT(least=LEAST))


def observe_targets(reader: Reader, facts: Facts, distro: Distro) -> Iterator[Seen]:
    text = content(reader, TARGETS)
    if text is None:
        yield Put("remote.on_iscsi", False)
        yield Put("remote.disk", None)
        yield Put("remote.targets", ())
        return
    said = [line.partition("=")[::2] for line in statements(text)]
    yield Put("remote.on_iscsi", any(key == "disk" for key, _value in said))
    yield observed(Remote, "disk", next((value for key, value in said if key == "disk"), ""), TARGETS)
    yield observed(Remote, "targets", ",".join(value for key, value in said if key == "target"), TARGETS)
    known = dict(said)
    for name in ("user", "password", "target_user", "target_password"):
        yield observed(Remote, name, known.get(name, ""), TARGETS)


@action(N_("Logging in to iSCSI targets"), observe=observe_targets)
def log_in(config: Resolved, facts: Facts, distro: Distro) -> Iterator[Step]:
    """The service logs in to what is named here and out of what is not any more; others' sessions are not its."""
    from ovirt_tui.system.steps import File, Restart

    remote = in_effect(config[Remote])
    if has_targets(remote):
        lines = [f"disk={remote.disk}"] if remote.disk else []
        lines += [f"target={each}" for each in remote.targets]
        secrets = dict[str, Passphrase]()
        for user, password in (("user", "password"), ("target_user", "target_password")):
            name, secret = getattr(remote, user), getattr(remote, password)
            if name and secret:
                lines += [f"{user}={name}", f"{password}={{{password}}}"]
                secrets[password] = secret
        yield File(TARGETS, Confidential("".join(f"{line}\n" for line in lines), **secrets), 0o600)
        yield Restart(LOGIN)
    yield from kept(config, facts)
