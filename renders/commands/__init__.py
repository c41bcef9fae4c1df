"""The commands, a file for each room. Heavy imports stand inside them, so that --help answers at once."""
