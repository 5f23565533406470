"""The disks as a feature.  What is done with them is the installation itself (plan/actions.py), and done once."""

from __future__ import annotations

from ovirt_tui.features.feature import Feature
from ovirt_tui.pages.storage import checks, named, resolution, volumes
from ovirt_tui.pages.storage.settings import Storage

FEATURE = Feature(
    section=Storage,
    parameters=(*named.PARAMETERS, *volumes.PARAMETERS),
    pages=(volumes.PAGE,),
    pages_in=tuple(f"ovirt_tui.pages.storage.{each}" for each in ("boot_disk", "data_disks", "second_group")),
    resolve=resolution.resolve,
    first=(
        checks.boot_disk_is_chosen,
        checks.disks_can_be_used,
        checks.groups_are_apart,
        checks.found_node_is_decided,
        checks.sectors_fit,
        checks.sizes_fit,
        checks.kept_slots_fit,
        checks.kept_second_group_is_named,
    ),
)
