"""Documents in, searchable passages out."""
