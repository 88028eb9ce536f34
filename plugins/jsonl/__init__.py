"""JSON Lines: items from a file the person names."""
