"""What to paste where, one folder a place: the text, the files that it needs, and which files go where."""
