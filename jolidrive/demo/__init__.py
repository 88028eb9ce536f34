"""A small real cloud on the loopback address, and the world inside it."""
