"""Pages in, stored with their cursor; then the second pass over contents."""
