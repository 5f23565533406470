"""What lasts on a node and what does not, as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ovirt_tui.cli import documents
from ovirt_tui.cli.documents import Remark
from ovirt_tui.i18n import N_, _
from ovirt_tui.machine.lasting import By, Done, Lasting, amount, said, said_room

ALREADY = {
    By.IMAGE: N_("{path} already lasts, as all of {folder} does"),
    By.PERSIST: N_("{path} already lasts: {folder} is kept"),
    By.VOLUME: N_("{path} already lasts: it is on the volume that is mounted on {folder}"),
}
FILE = N_("{path} is kept from now on, with its folder {folder} and all that is changed in it ({size} now)")
FOLDER = N_("{folder} is kept from now on, with all that is changed in it ({size} now)")
DROPPED = N_("{folder} is no longer kept: the next restart takes away what differs in it from the image")
HELD = N_("note: {program} opened files in {folder} before it was kept; what it writes to these is lost, so restart it")


def sentence(done: Done) -> str:
    """What was done with a path."""
    if done.by is By.DROPPED:
        text = DROPPED
    elif not done.changed:
        text = ALREADY[done.by]
    else:
        text = FOLDER if done.path.rstrip("/") == done.folder else FILE
    return _(text).format(path=done.path, folder=done.folder, size=amount(done.size))


def notes(done: Done) -> list[str]:
    """What should be known beside."""
    return [_(HELD).format(program=program, folder=done.folder) for program in done.holders]


def document(done: Iterable[Done], problems: tuple[Remark, ...]) -> documents.Persist:
    """What 'persist' and 'unpersist' answer with."""
    return documents.Persist(
        paths=tuple(documents.PathKept(**vars(each), text=sentence(each)) for each in done), problems=problems
    )


def persisted(found: Lasting) -> documents.Persisted:
    """What 'persisted' answers with."""
    return documents.Persisted(**vars(found), problems=())


def text(found: Lasting) -> str:
    """All of it, in lines."""
    return "".join(f"{line}\n" for line in _lines(found))


def _lines(found: Lasting) -> Iterator[str]:
    yield _("What lasts:")
    yield from (f"  {each}" for each in found.kept)
    if found.room:
        yield said_room(found)
    yield ""
    yield _("What differs from the image, and lasts:")
    yield from (f"  {line}" for line in said(found.changes, found.more_changes))
    yield ""
    yield _("What the next restart takes away, since nothing keeps the folders it is in:")
    yield from (f"  {line}" for line in said(found.lost, found.more_lost))
