"""What a person may ask of their own data: what there is, and whether anything is left."""
