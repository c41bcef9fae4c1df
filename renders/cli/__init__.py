"""The command line, a file for each command. Heavy imports stand inside them: --help answers at once."""
