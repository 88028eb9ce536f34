"""Finding, trusting, loading and containing plugins."""
