"""Edits a text through an augeas lens: JSON on standard input and output.

Input: "lens", "text", and "changes", a list of [path, value]; null removes the node.  Output: the new "text", or the
"reason" why there is none and the "line" of the text, empty where that is not known.

Runs as a separate process and imports nothing of ours: content and length of the text are not under our control, and
an augeas call has no timeout and leaks 13 MB; a process has a timeout, and frees its memory when it exits.
"""

import json
import sys

import augeas

OLD, TREE, NEW = "/old", "/keys", "/new"
"""Nodes of the augeas tree: the original text, its parsed keys, and the text written from them."""
WRONG = f"/augeas/text{TREE}/error"
"""Where augeas reports an error."""


def changed(lens: str, text: str, changes: list[tuple[str, str | None]]) -> dict[str, str]:
    """Return the JSON output for the JSON input."""
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
