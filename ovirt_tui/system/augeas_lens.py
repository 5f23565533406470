"""Edits texts through augeas lenses: a line of JSON on standard input, a line of JSON on standard output.

Input: "lens", "text", and "changes", a list of [path, value]; null removes the node.  Output: the new "text", or the
"reason" why there is none and the "line" of the text, empty where that is not known.

Runs as a separate process and imports nothing of ours: content and length of the text are not under our control, and
an augeas call has no timeout and leaks 13 MB; a process has a timeout, and frees its memory when it exits.  So each
text is edited in a child of its own, of a process that is loaded once, which it says by the line "loaded".
"""

import json
import os
import sys

import augeas

OLD, TREE, NEW = "/old", "/keys", "/new"
"""Nodes of the augeas tree: the original text, its parsed keys, and the text written from them."""
WRONG = f"/augeas/text{TREE}/error"
"""Where augeas reports an error."""


def changed(found: augeas.Augeas, lens: str, text: str, changes: list[tuple[str, str | None]]) -> dict[str, str]:
    """Return the JSON output for the JSON input."""
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


def main() -> None:
    """Answer each line, in a child; exit where one ends without an answer."""
    found = augeas.Augeas(flags=augeas.Augeas.NO_LOAD | augeas.Augeas.NO_MODL_AUTOLOAD)
    print("loaded", flush=True)
    for line in sys.stdin:
        child = os.fork()
        if not child:
            print(json.dumps(changed(found, **json.loads(line))), flush=True)
            os._exit(0)  # nothing of the parent is ended here
        if status := os.waitpid(child, 0)[1]:
            sys.exit(f"the program that edits a text ended with status {status}")


if __name__ == "__main__":
    main()
