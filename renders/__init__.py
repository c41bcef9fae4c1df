"""Everything → files. `build.py` says the path; each room below it does one part of it."""
