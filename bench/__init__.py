"""Figures of the product, each beside its yardstick measured in the same run."""
