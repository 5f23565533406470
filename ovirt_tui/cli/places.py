"""The files by which the boot, an unattended run and the installer tell each other how it stands."""

CMDLINE = "/proc/cmdline"
REFUSAL = "/run/ovirt-node/refusal"
FAILURE = "/run/ovirt-node/failure"
ENDED = "/run/ovirt-node/ended"
