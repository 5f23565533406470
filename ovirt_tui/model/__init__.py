"""What can be decided about a node: its settings, their types, what is wrong with them."""
