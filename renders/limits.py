"""The numbers and names that may be asked for, where no stage needs to be loaded to know them."""

from __future__ import annotations

SIZES = {"draft": (640, 360), "720p": (1280, 720), "1080p": (1920, 1080), "4k": (3840, 2160)}  # in pixels
SPEEDS = (0.7, 1.5)  # the slowest and the fastest that a voice is asked for
RATES = (1, 120)  # frames a second
LARGE = 100_000_000  # bytes of a trace whose size is told before it is made
NEW_TOKENS = (1, 1000)  # that a model adds
