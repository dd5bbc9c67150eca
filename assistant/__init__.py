"""One question in, one checked answer out."""
