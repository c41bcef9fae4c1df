"""Tasks → results, on processes and from the cache."""
