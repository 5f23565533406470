"""Changes a text of keys as a lens of augeas sees it: JSON on standard input, and on standard output.

In: "lens", "text", and "changes", a list of a path and its value; null removes what is there.  Out: the new "text", or
the "reason" why there is none, and the "line" of the text where that is known.

A program of its own, which imports nothing of ours: the text is another's, its length too, a call has no limit of time
and leaves 13 MB behind; a program that is waited for has a limit, and takes all of it away.
"""

import json
import sys

import augeas

OLD, TREE, NEW = "/old", "/keys", "/new"
"""Nodes of augeas' tree: the text as it is, its keys, and the text made of them."""
WRONG = f"/augeas/text{TREE}/error"
"""Where augeas says what it could not do."""


def changed(lens: str, text: str, changes: list[tuple[str, str | None]]) -> dict[str, str]:
    """What is printed, for what is read."""
    found = augeas.Augeas(flags=augeas.Augeas.NO_LOAD | augeas.Augeas.NO_MODL_AUTOLOAD)
    try:
        found.set(OLD, text)
        found.text_store(f"{lens}.lns", OLD, TREE)
        for path, value in changes:
            if value is None:
                found.remove(f"{TREE}/{path}")
            else:
                found.set(f"{TREE}/{path}", value)
        found.text_retrieve(f"{lens}.lns", OLD, TREE, NEW)
    except ValueError as error:
        said = {path.rpartition("/")[2]: found.get(path) for path in found.match(f"{WRONG}/*")}
        return {"reason": (said.get("message") or str(error)).splitlines()[0], "line": said.get("line", "")}
    return {"text": found.get(NEW)}


if __name__ == "__main__":
    json.dump(changed(**json.load(sys.stdin)), sys.stdout)
