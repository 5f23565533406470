"""The kernel line: its words, its parameters, what they mean."""
