"""The command line: parses words, asks Drive, prints."""
