"""How the bundled model was trained, as a program to run again: `python -m llmtrace.bundled.train --help`."""
