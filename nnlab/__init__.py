"""nnlab is a reference implementation of neural networks in NumPy: read it, rebuild it, compare
with it."""

__version__ = "0.1.0"
