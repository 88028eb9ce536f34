"""One folder per account: SQLite is the truth, the text index follows."""
