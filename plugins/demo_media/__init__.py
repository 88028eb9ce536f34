"""Demo Music & Video: offset paging with changed_since and tombstones."""
