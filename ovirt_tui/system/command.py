"""Other programs: the one place that starts them, each with a limit."""

from __future__ import annotations

import shlex
import subprocess

from ovirt_tui.i18n import _
from ovirt_tui.system import StepFailed

SECONDS = 60
ERROR = "Error: "
ENVIRONMENT = {
    "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "LC_ALL": "C.UTF-8",
    "HOME": "/root",
}
"""Output is parsed, so it must not depend on the admin's language."""


def run(argv: tuple[str, ...], *, seconds: int = SECONDS, stdin: str = "", good: tuple[int, ...] = (0,)) -> str:
    """Return what *argv* prints on its standard output.

    StepFailed when it cannot be started, takes longer than *seconds*, or ends with a status that is not in *good*;
    then .output holds all it printed.  Secrets go through *stdin*, never into *argv*.
    """
    shown = shlex.join(argv)
    try:
        done = subprocess.run(
            argv, input=stdin, capture_output=True, text=True, errors="replace", timeout=seconds, env=ENVIRONMENT
        )
    except FileNotFoundError as error:
        raise StepFailed(_("{program} is not installed").format(program=argv[0]), shown) from error
    except subprocess.TimeoutExpired as error:
        text = _("{program} did not end within {seconds} seconds").format(program=argv[0], seconds=seconds)
        raise StepFailed(text, f"{shown}\n{_text(error.stdout)}{_text(error.stderr)}") from error
    except OSError as error:
        text = _("{program} could not be started: {reason}").format(program=argv[0], reason=error.strerror)
        raise StepFailed(text, shown) from error
    if done.returncode not in good:
        said = (done.stderr.strip() or done.stdout.strip()).splitlines()
        reason = _reason(said) or _("exit status {status}").format(status=done.returncode)
        text = _("{program} failed: {reason}").format(program=argv[0], reason=reason)
        raise StepFailed(text, f"{shown}\n{done.stdout}{done.stderr}")
    return done.stdout


def succeeds(argv: tuple[str, ...], *, seconds: int = SECONDS) -> bool:
    """Say whether *argv* ends with status 0; StepFailed only when it cannot be started or does not end."""
    try:
        done = subprocess.run(argv, capture_output=True, timeout=seconds, env=ENVIRONMENT)
    except subprocess.TimeoutExpired as error:
        text = _("{program} did not end within {seconds} seconds").format(program=argv[0], seconds=seconds)
        raise StepFailed(text, shlex.join(argv)) from error
    except OSError as error:
        text = _("{program} could not be started: {reason}").format(program=argv[0], reason=error.strerror)
        raise StepFailed(text, shlex.join(argv)) from error
    return done.returncode == 0


def _reason(said: list[str]) -> str:
    """The line that names the error, where one does so; else the last, since programs tell the reason at their end."""
    named = (line.removeprefix(ERROR) for line in said if line.startswith(ERROR))
    return next(named, said[-1] if said else "")


def _text(output: bytes | str | None) -> str:
    return output.decode(errors="replace") if isinstance(output, bytes) else output or ""
