"""Bytes as a reader can see them. Imports nothing, so that scenes may use it."""


def visible(token: bytes) -> str:
    """A token's bytes as a reader can see them: space ␣, newline ↵, tab ⇥, other non-text bytes ‹E2›."""
    marks = {" ": "␣", "\n": "↵", "\t": "⇥"}
    shown = []
    for char in token.decode("utf-8", errors="surrogateescape"):
        if char in marks:
            shown.append(marks[char])
        elif 0xDC80 <= ord(char) <= 0xDCFF:
            shown.append(f"‹{ord(char) - 0xDC00:02X}›")
        elif char.isprintable():
            shown.append(char)
        else:
            shown.append(f"‹{ord(char):02X}›")
    return "".join(shown)
