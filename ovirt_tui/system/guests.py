"""Prints the names of the running virtual machines, as libvirt reports them, as JSON on standard output.

Runs as a separate process and imports nothing of ours: calls of libvirt have no timeout, a process has one.
"""

import json
import sys

import libvirt

URI = "qemu:///system"


def main(uri: str = URI) -> int:
    """Print the names of those at *uri*; return 1, with libvirt's error on standard error, when that fails."""
    libvirt.registerErrorHandler(lambda _context, _error: None, None)  # by default it prints each error itself
    try:
        connection = libvirt.openReadOnly(uri)
        names = [each.name() for each in connection.listAllDomains(libvirt.VIR_CONNECT_LIST_DOMAINS_ACTIVE)]
    except libvirt.libvirtError as error:
        print(error, file=sys.stderr)
        return 1
    print(json.dumps(sorted(names)))
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
