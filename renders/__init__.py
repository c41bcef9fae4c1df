"""Everything → files."""
