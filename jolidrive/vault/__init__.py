"""The one place for secrets."""
