"""Tapes and contract tests for plugin authors."""
