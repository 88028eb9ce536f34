"""Demo Files: a delta cursor with deletions."""
