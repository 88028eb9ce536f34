"""From consent to first sync, and the wipe."""
