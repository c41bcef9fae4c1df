"""Times as people read them."""


def clock(seconds: float) -> str:
    """Seconds as minutes and seconds: 1:57."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"
