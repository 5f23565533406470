"""Benchmarks of the product, each figure beside a yardstick measured in the same run."""
