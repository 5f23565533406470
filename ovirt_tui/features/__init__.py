"""What a feature is, the order of all of them, and what holds for all: rules, drafts, references, drift."""
