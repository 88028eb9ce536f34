"""Demo Social: lists with a Link header, listed anew each time."""
