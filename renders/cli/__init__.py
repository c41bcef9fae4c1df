"""The command line, a file for each command. Heavy imports stand inside them, so that --help answers at once."""
