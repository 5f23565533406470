"""The management server of a node, where a site has no oVirt Engine."""
