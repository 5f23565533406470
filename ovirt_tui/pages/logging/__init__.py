"""Where the log of a node goes, and how much of it stays."""
