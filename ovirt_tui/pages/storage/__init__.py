"""The disks of a node: which are written, how large the volumes on them become, what becomes of what is there."""
