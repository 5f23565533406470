"""Facts about a machine, and which of its disks and interfaces a name or a selector means."""
