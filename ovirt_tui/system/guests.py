"""Names of the virtual machines that run here, as libvirt says, in JSON on standard output.

A program of its own, which imports nothing of ours: the calls of libvirt have no limit of time, a program that is
waited for has one.
"""

import json
import sys

import libvirt

URI = "qemu:///system"


def main(uri: str = URI) -> int:
    """Print the names of those at *uri*; 1, with libvirt's own words on standard error, when it cannot be asked."""
    libvirt.registerErrorHandler(lambda _context, _error: None, None)  # it would print each of them by itself
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
