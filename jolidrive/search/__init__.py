"""From text to a page of results, over the indexes of all accounts."""
