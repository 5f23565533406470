"""Work away from the screen: in order, seen from the screen's side, and its mistakes not lost."""

import threading
from functools import partial

import pytest

from machines import PLAIN
from ovirt_tui.features.order import defaults
from ovirt_tui.plan.actions import SETUP
from ovirt_tui.plan.runner import changes
from ovirt_tui.system.fake import FakeSystem
from ovirt_tui.ui.progress import Running, work_on
from ovirt_tui.ui.theme import Theme
from ovirt_tui.ui.window import Window
from ovirt_tui.ui.worker import Worker

LIMIT = 10  # seconds


def serve(worker: Worker, woken: threading.Event, until: list[object]) -> None:
    """Make the calls that come, until there is something in *until*."""
    while not until:
        assert woken.wait(LIMIT), "the worker never called"
        woken.clear()
        worker.take()


def test_a_plan_runs_in_one_thread_and_tells_in_order() -> None:
    woken = threading.Event()
    worker = Worker(woken.set)
    threads = set()

    class Watched(FakeSystem):
        def log(self, line: str) -> None:
            threads.add(threading.current_thread().name)
            super().log(line)

    system = Watched(PLAIN)
    wanted = defaults().put("users.ssh_password_login", True)
    running = Running(changes(SETUP, defaults(), wanted, PLAIN, system))
    ended: list[object] = []
    window = Window("oVirt Node", system, worker, Theme())
    work_on(window, running, lambda: None, lambda: ended.append(threading.current_thread()))
    serve(worker, woken, ended)
    assert running.done == len(running.planned) and ended == [threading.main_thread()]
    assert threads == {worker.thread.name}


def test_a_mistake_in_the_work_is_raised_on_the_screens_side(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    woken = threading.Event()
    worker = Worker(woken.set)

    def mistake() -> None:
        raise ZeroDivisionError

    worker.start(mistake, lambda result: None)
    with pytest.raises(ZeroDivisionError):
        serve(worker, woken, [])


def test_a_screen_that_takes_no_calls_is_woken_once() -> None:
    woken: list[None] = []
    worker = Worker(lambda: woken.append(None))
    for number in range(100_000):
        worker.post(lambda number=number: taken.append(number))  # type: ignore[misc]
    taken: list[int] = []
    assert len(woken) == 1
    worker.take()
    assert taken == list(range(100_000))
    worker.post(lambda: taken.append(-1))
    assert len(woken) == 2


def test_finishing_waits_for_the_work() -> None:
    worker = Worker(lambda: None)
    gate, done = threading.Event(), []
    worker.start(lambda: done.append(gate.wait(LIMIT)), lambda result: None)
    gate.set()
    worker.finish(LIMIT)
    assert done == [True]


def test_a_job_that_comes_as_another_ends_is_waited_for() -> None:
    """Told as idle between the two, a terminal that goes away would end the program with a save half done."""
    worker = Worker(lambda: None)
    done = list[int]()
    for number in range(300):
        worker.start(lambda: None, lambda result: None)
        worker.start(partial(done.append, number), lambda result: None)
        worker.finish(LIMIT)
        assert done[-1] == number


def test_after_a_mistake_nothing_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    worker = Worker(lambda: None)

    def mistake() -> None:
        raise ZeroDivisionError

    worker.start(mistake, lambda result: None)
    worker.finish(LIMIT)
    assert worker.pending == 0
