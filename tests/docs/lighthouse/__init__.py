"""Lighthouse log: the example of `plugins/README.md`."""
