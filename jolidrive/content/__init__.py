"""What is inside a file: text, the facts of a photo, a small picture. Input is hostile."""
