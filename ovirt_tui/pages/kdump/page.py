"""The page Kernel dump: where dumps go, the key of the server, and how it stands."""

from __future__ import annotations

from ovirt_tui.i18n import N_
from ovirt_tui.pages import Enquiry, Field, Heading, Live, Page
from ovirt_tui.pages.kdump.server import ask_host_key
from ovirt_tui.pages.kdump.state import kept, last, own_key, ready

PAGE = Page(
    order=31,
    title=N_("Kernel dump"),
    setup=True,
    help=N_(
        "When the kernel of this node crashes, a second kernel takes over, saves what the first one had in memory for "
        "itself, and starts the node again. With local, the dump is a folder in /data/crash or /var/log/crash, on the "
        "volume with more room; the last three are kept, on an NFS export too. By SSH it goes to crash/ of the "
        "account, which the key shown here must let in. Save tries the server, and changes nothing where it cannot be "
        "written to; a server that is away in a crash leaves the dump to the node. The second kernel needs memory that "
        "only a start can set aside: 256 MiB of 2 GiB or more, 384 of 8, 512 of 64; with less than 2 GiB, there is no "
        "dump unless the installation was given crashkernel=. Read it with 'crash'; it holds passwords too."
    ),
    rows=(
        Field("kdump.target"),
        Field("kdump.ssh"),
        Field("kdump.host_key"),
        Enquiry(N_("Ask the server"), N_("Asking the server, 10 seconds at most ..."), ask_host_key, ("kdump.ssh",)),
        Live(N_("Key of this node"), own_key),
        Field("kdump.nfs"),
        Heading(N_("Now")),
        Live(N_("Ready"), ready),
        Live(N_("Last crash"), last),
        Live(N_("Kept dumps"), kept),
    ),
)
