"""Runs jobs in a worker thread, which calls back into the main thread through a pipe."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any, Protocol

Call = Callable[[], None]


class Work(Protocol):
    """Runs jobs one after another, outside the main thread."""

    def start(self, job: Callable[[], Any], done: Callable[[Any], None]) -> None:
        """Run *job*; *done* gets its result, in the main thread."""
        ...

    def post(self, call: Call) -> None:
        """Queue *call* for the main thread, in order.  Jobs use it to report progress."""
        ...


class Inline:
    """Runs jobs at once in the main thread, for tests and for what takes no time."""

    def start(self, job: Callable[[], Any], done: Callable[[Any], None]) -> None:
        done(job())

    def post(self, call: Call) -> None:
        call()


class Worker:
    """Runs jobs in one worker thread, which calls *wake* when there are calls for the main thread to take().

    *wake* is called once until the calls are taken: a main thread blocked on its terminal does not block the work.
    """

    def __init__(self, wake: Call) -> None:
        self.wake, self.woken = wake, False
        self.calls: deque[Call] = deque()
        self.jobs: SimpleQueue[Call] = SimpleQueue()
        threading.excepthook = self._bug
        self.pending, self.ended = 0, threading.Condition()
        self.thread = threading.Thread(target=self._loop, daemon=True)
        self.thread.start()

    def _loop(self) -> None:
        while True:
            job = self.jobs.get()
            try:
                job()
            finally:
                with self.ended:
                    self.pending -= 1
                    self.ended.notify_all()

    def _bug(self, what: threading.ExceptHookArgs) -> None:
        """Raise an uncaught exception in the main thread, where it ends the program and is logged."""

        def again() -> None:
            if what.exc_value:
                raise what.exc_value

        self.post(again)

    def start(self, job: Callable[[], Any], done: Callable[[Any], None]) -> None:
        def run() -> None:
            result = job()
            self.post(lambda: done(result))

        with self.ended:
            self.pending += 1
        self.jobs.put(run)

    def finish(self, seconds: float) -> None:
        """Wait until all jobs are done, at most *seconds*."""
        with self.ended:
            self.ended.wait_for(lambda: not self.pending, seconds)

    def post(self, call: Call) -> None:
        self.calls.append(call)
        if not self.woken:
            self.woken = True
            self.wake()

    def take(self) -> None:
        """Make the queued calls.  Runs in the main thread."""
        self.woken = False  # before they are taken, so that later ones wake again
        while self.calls:
            self.calls.popleft()()
