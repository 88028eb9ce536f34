"""Demo Photos: albums, page tokens and addresses that end."""
