"""What becomes of the memory of a node whose kernel crashed."""
