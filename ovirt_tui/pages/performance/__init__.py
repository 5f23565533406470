"""How a node is tuned for its guests, and what of their memory reaches a disk."""
