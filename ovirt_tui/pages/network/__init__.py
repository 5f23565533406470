"""The network of a node: its name, the interface it is managed on, its servers and its clock."""
