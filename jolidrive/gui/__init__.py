"""The window. Only here is Qt known; delete it and everything else still works."""
