"""Work away from the screen: one thread, and a pipe through which it calls back."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any, Protocol

Call = Callable[[], None]


class Work(Protocol):
    """Runs jobs one after another, away from the screen."""

    def start(self, job: Callable[[], Any], done: Callable[[Any], None]) -> None:
        """Run *job*; *done* gets what it returns, on the screen's side."""
        ...

    def post(self, call: Call) -> None:
        """Have *call* made on the screen's side, in order.  Jobs use it to tell how they get on."""
        ...


class Inline:
    """Work done at once, for tests and for what takes no time."""

    def start(self, job: Callable[[], Any], done: Callable[[Any], None]) -> None:
        done(job())

    def post(self, call: Call) -> None:
        call()


class Worker:
    """Work done by one thread.  *wake* is called from it when there are calls for the screen to take().

    It is called once until the screen takes them: a screen whose terminal takes nothing holds up no work.
    """

    def __init__(self, wake: Call) -> None:
        self.wake, self.woken = wake, False
        self.calls: deque[Call] = deque()
        self.jobs: SimpleQueue[Call] = SimpleQueue()
        threading.excepthook = self._bug
        self.idle = threading.Event()
        self.idle.set()
        self.thread = threading.Thread(target=self._loop, daemon=True)
        self.thread.start()

    def _loop(self) -> None:
        while True:
            self.jobs.get()()
            if self.jobs.empty():
                self.idle.set()

    def _bug(self, what: threading.ExceptHookArgs) -> None:
        """A mistake of ours ends the program on the screen's side, where it is written down."""

        def again() -> None:
            if what.exc_value:
                raise what.exc_value

        self.post(again)

    def start(self, job: Callable[[], Any], done: Callable[[Any], None]) -> None:
        def run() -> None:
            result = job()
            self.post(lambda: done(result))

        self.idle.clear()
        self.jobs.put(run)

    def finish(self, seconds: float) -> None:
        """Wait until all jobs are done, at most *seconds*."""
        self.idle.wait(seconds)

    def post(self, call: Call) -> None:
        self.calls.append(call)
        if not self.woken:
            self.woken = True
            self.wake()

    def take(self) -> None:
        """Make the calls that wait.  Runs on the screen's side."""
        self.woken = False  # before they are taken: what comes from now on wakes again
        while self.calls:
            self.calls.popleft()()
