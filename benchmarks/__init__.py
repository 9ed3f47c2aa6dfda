"""Measurements of speed and growth, each a module with `main(argv)`; started by `python -m benchmarks name`."""
