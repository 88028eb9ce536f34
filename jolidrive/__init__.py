"""Jolidrive: every cloud you use, as one private drive on your own computer."""

__version__ = "0.1.0"
