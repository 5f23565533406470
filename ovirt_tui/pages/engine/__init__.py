"""The oVirt Engine that this node is registered with."""
