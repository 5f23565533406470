"""Where a running node is not as it was saved: setting by setting, and what no setting says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ovirt_tui.distro import Distro
from ovirt_tui.distro.registry import distro_for
from ovirt_tui.features.feature import Action
from ovirt_tui.features.observation import Seen, Strange, taken
from ovirt_tui.features.order import FEATURES, defaults
from ovirt_tui.features.resolution import resolve
from ovirt_tui.i18n import N_
from ovirt_tui.machine.facts import Facts
from ovirt_tui.model.config import NodeConfig, Setting
from ovirt_tui.model.problems import Kind, Phrase
from ovirt_tui.model.public_keys import SshKey
from ovirt_tui.model.records import dataclass
from ovirt_tui.model.values import show
from ovirt_tui.system import Reader
from ovirt_tui.system.steps import Absent, Entry, File, Keys, Step, follows

NO_SETTING = Kind("no-setting-for", N_("something it has no setting for ({file})"))
NOTHING = Phrase(N_("nothing"))


@dataclass(frozen=True)
class Difference:
    """A setting that is not on the machine as it was *saved*; *seen* is what is there instead."""

    path: str
    saved: object
    seen: Seen

    @property
    def here(self) -> str:
        """What is on the machine, as text."""
        return named(self.seen if isinstance(self.seen, Strange) else self.seen.value)


@dataclass(frozen=True)
class Drift:
    """Settings that differ, and statements that hold no more though no setting tells of it."""

    differences: tuple[Difference, ...] = ()
    altered: tuple[Step, ...] = ()

    def settings(self) -> tuple[Setting, ...]:
        """The settings that differ."""
        return tuple(defaults().setting(each.path) for each in self.differences)

    def unsaid(self) -> tuple[str, ...]:
        """What no setting tells of: files by their paths, anything else as the step that made it."""
        return tuple(file_of(step) or str(step) for step in self.altered)

    def __bool__(self) -> bool:
        return bool(self.differences or self.altered)


def file_of(step: Step) -> str:
    """The file that *step* writes, or of which it says a part; "" where that is none."""
    return step.path if isinstance(step, File) else step.file if isinstance(step, Keys | Entry) else ""


def seen(reader: Reader, facts: Facts) -> tuple[Seen, ...]:
    """What the machine says its settings are; StepFailed when it cannot be looked at."""
    distro = distro_for(facts.os_id)
    return tuple(each for feature in FEATURES for each in feature.observe(reader, facts, distro))


def named(value: object) -> str:
    """A value as it is shown beside another; a key by its fingerprint, which tells it from all others."""
    if isinstance(value, Strange):
        return str(NO_SETTING(file=value.file))
    if isinstance(value, tuple) and any(isinstance(each, SshKey) for each in value):
        return ", ".join(f"{key.fingerprint} {key.comment}".rstrip() for key in value)
    return show(value) or str(NOTHING)


def drift(saved: NodeConfig, reader: Reader, facts: Facts) -> Drift:
    """Compare the machine with *saved*; StepFailed when it cannot be looked at."""
    distro = distro_for(facts.os_id)
    found = seen(reader, facts)
    here = taken(saved, found)
    pairs = [
        (_statements(action, saved, facts, distro), _statements(action, here, facts, distro))
        for feature in FEATURES
        for action in feature.actions
    ]
    told = {each.file for each in found if isinstance(each, Strange)}
    altered = [
        step
        for wanted, found in pairs
        for step in wanted
        if file_of(step) not in told and _is_altered(step, found, reader)
    ]
    return Drift(tuple(differences(saved, found)), tuple(altered))


def differences(saved: NodeConfig, seen: Iterable[Seen]) -> Iterator[Difference]:
    """The settings that were *seen* otherwise than *saved*, in their order."""
    wanted = saved.effective()
    for each in seen:
        value = wanted.get(each.path)
        if isinstance(each, Strange) or not _same(value, each.value):
            yield Difference(each.path, value, each)


def _same(one: object, other: object) -> bool:
    """Of public keys it counts which ones let somebody in, not how they are called or in what order."""
    return one == other or (_keys(one) is not None and _keys(one) == _keys(other))


def _keys(value: object) -> frozenset[str] | None:
    if isinstance(value, tuple) and all(isinstance(each, SshKey) for each in value):
        return frozenset(each.encoded for each in value)
    return None


def _statements(action: Action, config: NodeConfig, facts: Facts, distro: Distro) -> list[Step]:
    known = resolve(config, facts).config
    return [step for step in action.steps(known, facts, distro) if not follows(step)]


def _is_altered(step: Step, found: list[Step], reader: Reader) -> bool:
    """Whether *step* does not hold, and not because a setting differs: then one of *found*, of what is set, would."""
    if reader.holds(step):
        return False
    there: list[Step] = [each for each in found if type(each) is type(step)]
    if isinstance(step, File):
        there = [each for each in there if isinstance(each, File) and each.path == step.path]
        there = there or [Absent(step.path)]
    return bool(there) and not any(map(reader.holds, there))
