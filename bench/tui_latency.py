#!/usr/bin/env python3
"""Measure how fast a text-mode program starts and repaints on a terminal.

    tui_latency.py --ready 'REGEX' --keys 'down*15,up*15' --repeat 4 --runs 5 \
        --floor 'pass=python3 -c pass' --floor 'urwid=python3 floor.py' -- CMD ARG...

The command runs in a pseudo-terminal (80x24 unless --size says otherwise) and
what it writes is drawn on a pyte screen. One JSON object is printed. Times are milliseconds
from just before fork (start) or just before the key is written; memory is MiB.

  first_output  first byte, visible or not
  first_frame   first screen with a visible character
  ready         first screen that --ready matches
  quiet         last byte before --quiet ms of silence, once ready
  exit          end of the program's terminal, for programs that just end
  key_first     key press to the first byte of the answer
  key_visible   key press to the first change of text, colour or cursor
  key_last      key press to the last byte of the burst (--gap ms of silence ends
                a burst; the silence itself is not counted)
  key_bytes     bytes of the burst
  keys_silent, keys_same   keys with no answer in --key-timeout ms, or none visible
  rss_peak      largest sampled sum of VmRSS over the process tree (shared pages
                count once per process); pss_end counts shared pages once

"median" holds medians over the runs, "pooled" the key distributions over all
runs together. Floors run interleaved with the command, with the same keys, so
that a ratio compares like with like. The screen is drawn only in pauses of the
output (30 ms), so that parsing delays no time stamp. Only the process group
started here is ever signalled; what left it is named under "survivors".
Needs pyte (PyPI); everything else is the standard library.
"""

import argparse
import curses
import fcntl
import gc
import json
import os
import pty
import re
import select
import shlex
import signal
import statistics
import struct
import sys
import termios
import time

import pyte

ANYTHING = r"\S"
PAUSE, SAMPLE = 0.030, 0.050  # seconds
PAGE, TICK = os.sysconf("SC_PAGE_SIZE"), os.sysconf("SC_CLK_TCK")
QUERY = re.compile(rb"\x1b\[(?:[56]n|0?c)")
CAPABILITIES = {
    "up": "kcuu1",
    "down": "kcud1",
    "left": "kcub1",
    "right": "kcuf1",
    "home": "khome",
    "end": "kend",
    "pgup": "kpp",
    "pgdn": "knp",
    "delete": "kdch1",
    "insert": "kich1",
    "btab": "kcbt",
    **{f"f{n}": f"kf{n}" for n in range(1, 13)},
}
LITERAL = {"tab": b"\t", "enter": b"\r", "esc": b"\x1b", "space": b" ", "backspace": b"\x7f", "comma": b","}


def key_bytes(name):
    """The bytes that key NAME sends on the terminal set up with curses."""
    if name in LITERAL:
        return LITERAL[name]
    if name in CAPABILITIES:
        sent = curses.tigetstr(CAPABILITIES[name])
        if not sent:
            raise ValueError(f"--keys: this terminal type has no key {name!r}")
        return sent
    if name.startswith("ctrl-") and len(name) == 6:
        return bytes([ord(name[5].upper()) & 0x1F])
    if len(name) == 1:
        return name.encode()
    raise ValueError(f"--keys: unknown key {name!r}; a name, ctrl-X or one character")


def parse_keys(text):
    """'down*3,tab' as a list of byte strings, one per key press."""
    keys = []
    for item in filter(None, text.split(",")):
        name, _, count = item.partition("*") if len(item) > 1 else (item, "", "")
        keys += [key_bytes(name)] * int(count or 1)
    return keys


def tree(leader):
    """{pid: (rss KiB, cpu seconds)} of LEADER, its descendants and its session."""
    rows = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                with open(f"/proc/{entry}/stat", "rb") as stat:
                    f = stat.read().rpartition(b")")[2].split()
            except OSError:
                continue
            cpu = sum(int(v) for v in f[11:15]) / TICK
            rows[int(entry)] = (int(f[1]), int(f[3]), int(f[21]) * PAGE // 1024, cpu)
    found, grew = {leader} & rows.keys(), True
    while grew:
        more = {p for p, r in rows.items() if r[1] == leader or r[0] in found} - found
        found |= more
        grew = bool(more)
    return {p: rows[p][2:] for p in found}


def pss_kib(pid):
    """Proportional set size of PID, or 0 where it cannot be read."""
    try:
        with open(f"/proc/{pid}/smaps_rollup") as rollup:
            return next(int(row.split()[1]) for row in rollup if row.startswith("Pss:"))
    except (OSError, StopIteration):
        return 0


class Session:
    """One run of one command on its own terminal."""

    def __init__(self, argv, opts, ready):
        self.wanted = re.compile(ready)
        self.opts, self.chunks, self.fed, self.ended = opts, [], 0, None
        self.screen = pyte.Screen(opts.columns, opts.lines)
        self.screen.write_process_input = self.answer
        self.stream = pyte.ByteStream(self.screen)
        self.first_frame = self.ready = None
        self.rss_peak, self.seen, self.sampled, self.cpu = 0, set(), 0.0, 0.0
        env = dict(os.environ, TERM=opts.term, LINES=str(opts.lines), COLUMNS=str(opts.columns))
        self.start = time.monotonic()
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            size = struct.pack("HHHH", opts.lines, opts.columns, 0, 0)
            fcntl.ioctl(0, termios.TIOCSWINSZ, size)
            try:
                os.execvpe(argv[0], argv, env)
            except OSError as error:
                os.write(2, f"{argv[0]}: {error.strerror}\n".encode())
                os._exit(127)

    def answer(self, text):
        os.write(self.fd, text.encode())

    def read(self, timeout):
        """Wait up to TIMEOUT seconds for output; True if some came."""
        if self.ended is not None or not select.select([self.fd], [], [], timeout)[0]:
            return False
        try:
            data = os.read(self.fd, 65536)
        except OSError:  # EIO: nobody holds the terminal's other end any more
            data = b""
        now = time.monotonic()
        if not data:
            self.ended = now
            return False
        self.chunks.append((now, data))
        if QUERY.search(data):
            self.draw()
        return True

    def draw(self, until=None):
        """Draw the chunks up to UNTIL, noting when the screen first showed what is asked."""
        while self.fed < (until or len(self.chunks)):
            when, data = self.chunks[self.fed]
            self.stream.feed(data)
            self.fed += 1
            if self.ready is None:
                text = "\n".join(self.screen.display)
                if self.first_frame is None and text.strip():
                    self.first_frame = when
                if text.strip() and self.wanted.search(text):
                    self.ready = when

    def sample(self, now=False):
        """Note memory and CPU of the tree, at most every SAMPLE seconds unless NOW."""
        if now or time.monotonic() - self.sampled >= SAMPLE:
            rows = tree(self.pid)
            self.seen |= rows.keys()
            self.rss_peak = max(self.rss_peak, sum(r for r, _ in rows.values()))
            self.cpu = max(self.cpu, sum(c for _, c in rows.values()))
            self.sampled = time.monotonic()

    def settle(self):
        """Read until ready and then silent, the end of the program, or the limit."""
        mark = time.monotonic()
        deadline = mark + self.opts.timeout
        while self.ended is None and time.monotonic() < deadline:
            if self.read(PAUSE):
                mark = self.chunks[-1][0]
                continue
            self.draw()
            self.sample()
            if self.ready and time.monotonic() - mark >= self.opts.quiet / 1000:
                break
        self.draw()

    def press(self, key):
        """One key press: (first ms, visible ms or None, last ms, bytes); None if silent."""
        before, picture = len(self.chunks), self.picture()
        pressed = time.monotonic()
        os.write(self.fd, key)
        if not self.read(self.opts.key_timeout / 1000):
            return None
        while self.read(self.opts.gap / 1000):
            if time.monotonic() - pressed > 5:
                break
        burst, visible = self.chunks[before:], None
        since = [(when - pressed) * 1000 for when, _ in burst]
        for number, when in enumerate(since, before + 1):
            self.draw(number)
            if visible is None and self.picture() != picture:
                visible = when
        self.sample()
        return since[0], visible, since[-1], sum(len(data) for _, data in burst)

    def picture(self):
        """What a person sees: text, colours, and the cursor unless it is hidden."""
        rows, across = self.screen.buffer, range(self.screen.columns)
        colours = [
            [(c.fg, c.bg, c.reverse, c.bold) for c in map(rows[y].__getitem__, across)]
            for y in range(self.screen.lines)
        ]
        cursor = self.screen.cursor
        return self.screen.display, colours, cursor.hidden or (cursor.y, cursor.x)

    def close(self):
        """End the group started here; the pids that outlived it."""
        self.seen |= tree(self.pid).keys()
        for sig, patience in ((signal.SIGTERM, 1.0), (signal.SIGKILL, 2.0)):
            try:
                os.killpg(self.pid, sig)
            except ProcessLookupError:
                break
            end = time.monotonic() + patience
            while time.monotonic() < end and any(running(p, self.pid) for p in self.seen):
                self.read(0.02)
        os.close(self.fd)
        os.waitpid(self.pid, 0)
        return sorted(p for p in self.seen if running(p))


def running(pid, group=None):
    """Whether PID runs (a zombie does not), and in GROUP where one is given."""
    try:
        with open(f"/proc/{pid}/stat", "rb") as stat:
            f = stat.read().rpartition(b")")[2].split()
    except OSError:
        return False
    return f[0] != b"Z" and group in (None, int(f[2]))


def start_figures(s):
    """What is known of session S once it settled after its start."""

    def since(when):
        return None if when is None else round((when - s.start) * 1000, 3)

    return {
        "first_output": since(s.chunks[0][0]) if s.chunks else None,
        "first_frame": since(s.first_frame),
        "ready": since(s.ready),
        "quiet": since(s.chunks[-1][0]) if s.chunks else None,
        "exit": since(s.ended),
        "start_bytes": sum(len(d) for _, d in s.chunks),
    }


def key_phase(s, opts, out):
    """Press the keys on S, add CPU and memory to OUT; one entry per key measured."""
    for key in parse_keys(opts.before):
        s.press(key)
        s.settle()
    s.sample(now=True)
    cpu = s.cpu
    presses = [s.press(k) for k in parse_keys(opts.keys) * opts.repeat]
    s.sample(now=True)
    if presses:
        out["key_cpu"] = round((s.cpu - cpu) * 1000 / len(presses), 2)
    pids = tree(s.pid)
    out.update(
        rss_peak=round(s.rss_peak / 1024, 1), processes=len(pids), pss_end=round(sum(map(pss_kib, pids)) / 1024, 1)
    )
    return presses


def run_once(argv, opts, ready):
    """Start, wait, press the keys, end: the figures of one run."""
    s, presses = Session(argv, opts, ready), []
    try:
        s.settle()
        out = start_figures(s)
        if s.ready is None and ready != ANYTHING:
            out["failed"] = (
                "ready never matched: " + " | ".join(line.strip() for line in s.screen.display if line.strip())[:400]
            )
        elif s.ended is None:
            s.sample(now=True)
            out["start_cpu"] = round(s.cpu * 1000)
            presses = key_phase(s, opts, out)
        if opts.show:
            out["last_screen"] = [line.rstrip() for line in s.screen.display]
    finally:
        survivors = s.close()
    heard = [p for p in presses if p]
    out.update(
        keys=len(presses),
        keys_silent=len(presses) - len(heard),
        keys_same=sum(p[1] is None for p in heard),
        survivors=survivors,
    )
    return out, heard


def spread(values):
    """p50, p95, p99 and max by nearest rank."""
    ordered = sorted(values)
    ranks = {"p50": 50, "p95": 95, "p99": 99, "max": 100}
    out = {n: round(ordered[-(-len(ordered) * q // 100) - 1], 3) for n, q in ranks.items()}
    return {**out, "n": len(ordered)}


def summary(runs):
    """Medians over runs and the key distributions of RUNS, [(figures, presses)]."""
    names = (
        "first_output",
        "first_frame",
        "ready",
        "quiet",
        "exit",
        "start_cpu",
        "start_bytes",
        "key_cpu",
        "rss_peak",
        "pss_end",
        "processes",
        "keys",
        "keys_silent",
        "keys_same",
    )
    median, least, most = {}, {}, {}
    for name in names:
        values = [f[name] for f, _ in runs if f.get(name) is not None]
        if values:
            median[name] = round(statistics.median(values), 3)
            least[name], most[name] = min(values), max(values)
    pooled = {}
    for column, name in enumerate(("key_first", "key_visible", "key_last", "key_bytes")):
        columns = [v for _, pressed in runs if (v := [p[column] for p in pressed if p[column] is not None])]
        if columns:
            for q in ("p50", "p95", "p99", "max"):
                median[f"{name}_{q}"] = round(statistics.median(spread(v)[q] for v in columns), 3)
            pooled[name] = spread([value for values in columns for value in values])
    out = {"median": median, "min": least, "max": most, "pooled": pooled}
    out["survivors"] = sorted({p for f, _ in runs for p in f["survivors"]})
    out["failed"] = [f["failed"] for f, _ in runs if "failed" in f]
    out["last_screen"] = runs[-1][0].get("last_screen") if runs else None
    return out


def ratios(subject, floor):
    """Subject over floor for every median that both have and that is not zero."""
    a, b = subject["median"], floor["median"]
    if "first_frame" not in b and "exit" in b:
        b = {**b, **dict.fromkeys(("first_frame", "ready", "quiet"), b["exit"])}
    return {n: round(a[n] / b[n], 2) for n in a if b.get(n) and not n.startswith("keys")}


def options(argv):
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument("--size", default="80x24", help="columns x lines (80x24)")
    p.add_argument("--term", default="linux", help="TERM of the command (linux)")
    p.add_argument("--ready", default=ANYTHING, help="regex of the first usable screen")
    p.add_argument("--before", default="", help="keys pressed before measuring")
    p.add_argument("--keys", default="", help="keys measured: down*15,tab,enter,ctrl-x")
    p.add_argument("--repeat", type=int, default=1, help="how often --keys is pressed")
    p.add_argument("--runs", type=int, default=5)
    p.add_argument("--warmup", type=int, default=1, help="runs made first and not counted")
    p.add_argument("--quiet", type=float, default=300, help="ms of silence after the start")
    p.add_argument("--gap", type=float, default=100, help="ms of silence that end a burst")
    p.add_argument("--key-timeout", type=float, default=1000, help="ms before a key is silent")
    p.add_argument("--timeout", type=float, default=60, help="seconds to become ready")
    p.add_argument("--floor", action="append", default=[], metavar="NAME=CMD")
    p.add_argument("--show", action="store_true", help="add the last screen")
    p.add_argument("command", nargs="+")
    opts = p.parse_args(argv)
    if not (size := re.fullmatch(r"(\d+)x(\d+)", opts.size)):
        p.error(f"--size: {opts.size!r} is not columns x lines, such as 80x24")
    opts.columns, opts.lines = map(int, size.groups())
    curses.setupterm(opts.term, os.open(os.devnull, os.O_WRONLY))
    try:
        parse_keys(opts.before + "," + opts.keys)
        re.compile(opts.ready)
    except (ValueError, re.error) as problem:
        p.error(str(problem))
    return opts


def main(argv=None):
    opts = options(argv)
    gc.disable()
    programs = {"": opts.command}
    for floor in opts.floor:
        name, _, command = floor.partition("=")
        programs[name] = shlex.split(command)
    runs = {name: [] for name in programs}
    for number in range(-opts.warmup, opts.runs):
        for name, command in programs.items():
            result = run_once(command, opts, ANYTHING if name else opts.ready)
            if number >= 0:
                runs[name].append(result)
    subject = summary(runs.pop(""))
    floors = {name: summary(r) for name, r in runs.items()}
    report = {
        "command": opts.command,
        "size": opts.size,
        "term": opts.term,
        "runs": opts.runs,
        "keys": f"({opts.keys}) x {opts.repeat}",
        **subject,
        "floors": floors,
        "ratio": {name: ratios(subject, f) for name, f in floors.items()},
    }
    print(json.dumps(report, indent=1, ensure_ascii=False))
    return 1 if subject["failed"] else 0


if __name__ == "__main__":
    sys.exit(main())
