"""What a machine says of itself: its hardware as facts, and how its settings are now."""
