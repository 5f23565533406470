"""Settings kept as parameters, one a line: answers of an earlier installation, the node's saved configuration."""

from __future__ import annotations

from collections.abc import Iterable

from ovirt_tui.autoinstall.params import PARAMS
from ovirt_tui.draft import Draft


def put_answers(draft: Draft, lines: Iterable[str]) -> None:
    """Put what *lines* say into *draft*; a line that is no parameter is left out."""
    known = {name: param for param in PARAMS for name in (param.name, *param.also)}
    for line in lines:
        name, _equals, text = line.strip().partition("=")
        if name in known:
            draft.put(known[name].path, text)
