"""Fetches one file by HTTP or HTTPS; runs as a separate process.

What waits for a name server cannot be given up otherwise.  Certificates are not checked, since the image has no
authorities to check them by: who asks for a file this way trusts nothing of it but what somebody he knows has signed.
Arguments: "length" and a URL, prints how many bytes there are, or nothing where the server does not say; "get", a URL
and a file that is not there yet.  Prints what went wrong after "error: ", with status 1.
"""

from __future__ import annotations

import http.client
import os
import ssl
import sys
import urllib.error
import urllib.request

STALLED = 30  # seconds without a byte
MOST = 1 << 30  # bytes
SPARE = 64 << 20  # bytes that stay free where it is written, as fetched.py has it: a server may not say how many come
DIGITS = 18  # of a length that is read as a number; Python refuses to read very many
CHUNK = 1 << 20


def opener() -> urllib.request.OpenerDirector:
    """One that speaks HTTP and HTTPS, and nothing else that a redirection could name."""
    made = urllib.request.OpenerDirector()
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    handlers = (
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(context=context),
        urllib.request.HTTPRedirectHandler(),
        urllib.request.HTTPErrorProcessor(),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.UnknownHandler(),
    )
    for handler in handlers:
        made.add_handler(handler)
    return made


def length(url: str) -> str:
    """What the server says of the length; empty where it says nothing."""
    with opener().open(urllib.request.Request(url, method="HEAD"), timeout=STALLED) as answer:
        return _length(answer)


def _length(answer: http.client.HTTPResponse) -> str:
    """The length that *answer* says it has; empty where that is no number that a file can have."""
    said: str = answer.headers.get("Content-Length", "")
    return said if said.isascii() and said.isdigit() and len(said) <= DIGITS else ""


def get(url: str, path: str) -> None:
    """Write the file.  OSError where it is too long, ends too early, or the server is away."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    with os.fdopen(handle, "wb") as file, opener().open(url, timeout=STALLED) as answer:
        done, wanted = 0, _length(answer)
        while chunk := answer.read(CHUNK):
            done += len(chunk)
            if done > MOST:
                raise OSError(f"it has more than {MOST >> 20} MiB")
            if _free(file.fileno()) < len(chunk) + SPARE:
                raise OSError(f"there is no room for more than its first {(done - len(chunk)) >> 20} MiB")
            file.write(chunk)
        if wanted and int(wanted) != done:
            raise OSError(f"{done} of {wanted} bytes arrived")
        file.flush()
        os.fsync(file.fileno())


def _free(handle: int) -> int:
    there = os.fstatvfs(handle)
    return there.f_bavail * there.f_frsize


def main() -> int:
    """Do what the arguments say."""
    try:
        if sys.argv[1] == "length":
            print(length(sys.argv[2]))
        else:
            get(sys.argv[2], sys.argv[3])
    except urllib.error.HTTPError as error:
        print(f"error: the server answers {error.code} {error.reason}"[:200])
        return 1
    except (OSError, http.client.HTTPException, ValueError, OverflowError) as error:  # the last: of a port
        reason = getattr(error, "reason", None) or getattr(error, "strerror", None) or error
        print(f"error: {reason}"[:200])
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
