"""Every moment at which the power can fail, from a recording of the writes to a disk: what would start after it.

A disk keeps what it was told to flush.  Of what came since the last flush it may have kept anything: so beside the
state at each flush, which is a *point*, states are sampled in which the last write is torn between two sectors, and
such in which writes between two flushes are missing.  The chance of that comes from the number of the point: any can
be made again by its name.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Self

from testbed.offline.starts import Kind, Reader, Start
from testbed.replayed import Replayed
from testbed.write_log import SECTOR, Write

SAMPLES = 2
"""Of each way to lose writes, for each flush between which and the one before something was written."""
TABLE = 64 * SECTOR
"""Bytes at each end of a disk that its table of partitions lies in."""
MOST_KEPT = 20
"""Failing points that are described."""


class Loss(Enum):
    """What of the writes since the last flush is on the disk."""

    NONE = "flushed"
    TORN = "torn"
    DROPPED = "dropped"
    CUT = "torn in the table of partitions"


@dataclass(frozen=True)
class Point:
    """A moment: all requests of *part* before number *request*, but for what *loss*, sample number *sample*, takes."""

    part: str
    request: int
    loss: Loss = Loss.NONE
    sample: int = 0

    @classmethod
    def named(cls, name: str) -> Self:
        """The point of this name; ValueError where it is none."""
        part, request, *more = name.split(":")
        if len(more) not in (0, 2):
            raise ValueError(f"{name} is no point")
        loss, sample = (Loss[more[0].upper()], int(more[1])) if more else (Loss.NONE, 0)
        return cls(part.replace("-", " "), int(request), loss, sample)

    @property
    def name(self) -> str:
        """By which it can be made again."""
        more = () if self.loss is Loss.NONE else (self.loss.name.lower(), str(self.sample))
        return ":".join((self.part.replace(" ", "-"), str(self.request), *more))


@dataclass
class Tally:
    """What was found of the points of one part."""

    part: str
    points: Counter[Loss] = field(default_factory=Counter)
    survived: Counter[Loss] = field(default_factory=Counter)
    starts: Counter[str] = field(default_factory=Counter)
    failed: list[tuple[Point, str]] = field(default_factory=list)
    found: list[tuple[Point, Start]] = field(default_factory=list, repr=False)

    def count(self, point: Point, start: Start, wrong: str) -> None:
        """Take one point in; *wrong* says why it must not be so."""
        self.found.append((point, start))
        self.points[point.loss] += 1
        self.starts[start.name] += 1
        if wrong:
            self.failed.append((point, wrong))
        else:
            self.survived[point.loss] += 1

    def lines(self) -> Iterator[str]:
        """What there is to print."""
        kinds = ", ".join(f"{number} {loss.value}" for loss, number in self.points.items())
        total = sum(self.points.values())
        yield f"{self.part}: {total} points ({kinds}), {sum(self.survived.values())} survived"
        yield from (f"    {number:6} {name}" for name, number in self.starts.most_common())
        yield from (f"    FAILED {point.name}: {why}" for point, why in self.failed[:MOST_KEPT])


Visit = Callable[[Point, Replayed], None]


def epochs(requests: Iterable[Write]) -> Iterator[tuple[list[Write], int]]:
    """What was written between two flushes, and the number of the request behind the flush; last what none followed."""
    since: list[Write] = []
    number = 0
    for each in requests:
        number = each.number + 1
        if each.flush:
            yield since, number
            since = []
        if each.length:
            since.append(each)
        if each.durable:
            yield since, number
            since = []
    if since:
        yield since, number


def walk(part: str, requests: Iterable[Write], disk: Replayed, visit: Visit, samples: int = SAMPLES) -> None:
    """Show every point of *part* to *visit*, with *disk* as it is then; at the end it has all *requests*."""
    visit(Point(part, 0), disk)
    for written, number in epochs(requests):
        for point in _samples(part, number, written, disk.size, samples):
            if kept := lost(point, written):
                back = disk.apply(kept)
                visit(point, disk)
                disk.apply(back)
        disk.apply(written)
        visit(Point(part, number), disk)


def _samples(part: str, number: int, written: Sequence[Write], size: int, samples: int) -> Iterator[Point]:
    """The points between two flushes; of what is written to the table of partitions, every tear there can be."""
    if not written or not samples:
        return
    for loss in (Loss.TORN, Loss.DROPPED):
        yield from (Point(part, number, loss, sample) for sample in range(samples))
    for index, each in enumerate(written):
        if each.length <= TABLE and (each.place < TABLE or each.place >= size - TABLE):
            yield from (Point(part, number, Loss.CUT, index * TABLE + at) for at in range(1, each.length // SECTOR))


def lost(point: Point, written: Sequence[Write]) -> list[Write]:
    """What of *written* is on the disk at *point*; nothing where the point is no other than one that is looked at."""
    chance = random.Random(point.name)
    if point.loss is Loss.CUT:
        index, sectors = divmod(point.sample, TABLE)
        return [*written[:index], *_beginning(written[index], sectors)]
    if point.loss is Loss.TORN:
        last = chance.randrange(len(written))
        sectors = written[last].length // SECTOR
        torn = _beginning(written[last], chance.randrange(sectors)) if sectors > 1 else []
        return [*written[:last], *torn]
    kept = [each for each in written if chance.random() < 0.5]
    return kept if len(written) > 1 else []


def _beginning(write: Write, sectors: int) -> list[Write]:
    length = sectors * SECTOR
    return [Write(write.number, write.place, length, write.data[:length], discard=write.discard)] if sectors else []


@dataclass(frozen=True)
class Allowed:
    """What a part may leave: something of *before*, something of *after*, and where *fresh*, no node yet."""

    before: Start
    after: Start
    fresh: bool = False

    def wrong(self, start: Start, last: Start) -> str:
        """Why *start* must not be; empty where it may.  *last* is what the flush before left."""
        if start.kind is Kind.EMPTY:
            return "" if self.fresh and last.kind is Kind.EMPTY else "the node is gone"
        if start.kind is Kind.INTERRUPTED:
            return "" if self.fresh else "the node is gone"
        if start.kind is Kind.BROKEN:
            return start.why
        known = {*self.before.systems, *self.after.systems}
        if strange := [system for system in start.systems if system not in known]:
            return f"it starts {', '.join(strange)}"
        if start.kept not in (self.before.kept, self.after.kept):
            return "what was persisted is there in part"
        return self._torn(start)

    def _torn(self, start: Start) -> str:
        """A file of the settings is as before or as after: none is between."""
        ends = [dict(zip(each.systems, each.etc, strict=True)) for each in (self.before, self.after)]
        for system, files in zip(start.systems, start.etc, strict=True):
            there = [end[system] for end in ends if system in end]
            if len(there) < len(ends) or self.fresh:
                continue  # its settings are made in this part
            for name in {*there[0], *there[1]}:
                if files.get(name) not in (there[0].get(name), there[1].get(name)):
                    return f"/etc/{name} of {system} is neither as before nor as after"
        return ""


def made_again(point: Point, requests: Iterable[Write], disk: Replayed) -> bool:
    """Bring *disk*, which is as before the part, to *point*; False where the part has none of this number."""
    if point.request == 0:
        return True
    for written, number in epochs(requests):
        if number == point.request:
            disk.apply(written if point.loss is Loss.NONE else lost(point, written))
            return True
        disk.apply(written)
    return False


def judged(
    part: str, requests: Callable[[], Iterable[Write]], disk: Replayed, reader: Reader, samples: int = SAMPLES
) -> Tally:
    """Look at every point of *part*; *disk* is as before it, and then as after it."""
    found: list[tuple[Point, Start]] = []
    walk(part, requests(), disk, lambda point, now: found.append((point, reader.start(now))), samples)
    before, after = found[0][1], reader.start(disk)
    allowed = Allowed(before, after, fresh=before.kind is Kind.EMPTY)
    tally, last = Tally(part), before
    for point, start in found:
        tally.count(point, start, allowed.wrong(start, last))
        if point.loss is Loss.NONE:
            last = start
    return tally
