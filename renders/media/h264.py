"""Frames that repeat the one before, put into an H.264 stream without its encoder.

A P slice whose macroblocks are all skipped shows the frame before, to the last bit: where no neighbour moves
none is predicted to move, nothing is added to the prediction, and no edge is filtered. Such slices differ in
`frame_num` alone, when frames are shown in the order of decoding and nothing of it is written.

Every frame here can be referred to, one is kept for that, and `frame_num` counts them from the last IDR
picture. The encoder does not know of those put in, so that its own are numbered again.

Source: ITU-T H.264, of the above 8.4.1.1, table 7-13 (P_Skip), 8.7.2.1, 8.2.1.3, 8.2.5.3 and 7.4.3.
"""

from __future__ import annotations

import re


class FrameNumbers:
    """Numbers the frames of a stream: those of the encoder, and the repeats between them.

    `header` holds the SPS, `repeat` a P slice that skips all, and both are byte streams (annex B).
    """

    def __init__(self, header: bytes, repeat: bytes) -> None:
        self._repeat, self._bits = repeat, _frame_num_bits(header)
        self._number = 0  # of the last frame

    def encoded(self, packet: bytes, key: bool) -> bytes:
        """The encoder's next frame, of one slice; `key`: an IDR picture."""
        self._number = 0 if key else self._number + 1
        return packet if key else _numbered(packet, self._number, self._bits)

    def repeated(self) -> bytes:
        """A frame that shows the last one again."""
        self._number += 1
        return _numbered(self._repeat, self._number, self._bits)


def _frame_num_bits(header: bytes) -> int:
    """How wide `frame_num` is (7.3.2.1.1). Raises ValueError unless frames are shown as they are decoded."""
    sps = next(unit for unit in header.split(b"\0\0\1") if unit and unit[0] & 31 == 7)
    read = _Bits(_unescaped(sps[1:]))
    read.u(24)  # profile, constraints, level
    for _ in range(4):  # sps id, chroma format, bit depths
        read.ue()
    if read.u(2):
        raise ValueError("transform bypass and scaling matrices are not read")
    bits = read.ue() + 4
    if (order := read.ue()) != 2:
        raise ValueError(f"order count type {order}: frames are not shown in the order of decoding")
    return bits


def _numbered(packet: bytes, number: int, bits: int) -> bytes:
    """A packet whose last unit is a slice, with another `frame_num` (7.3.3)."""
    at = packet.rindex(b"\0\0\1") + 4  # past the unit's first byte
    payload = _unescaped(packet[at:])
    head = payload[:16]
    read = _Bits(head)
    for _ in range(3):  # first macroblock, slice type, pps id
        read.ue()
    was = read.u(bits)
    changed = read.value ^ (was ^ number % (1 << bits)) << read.left
    return packet[:at] + _escaped(changed.to_bytes(len(head), "big") + payload[len(head) :])


class _Bits:
    """Reads bytes by their bits; `left` are those not yet read."""

    def __init__(self, data: bytes) -> None:
        self.value, self.left = int.from_bytes(data, "big"), 8 * len(data)

    def u(self, bits: int) -> int:
        self.left -= bits
        return self.value >> self.left & (1 << bits) - 1

    def ue(self) -> int:
        """An Exp-Golomb code (9.1)."""
        zeros = 0
        while not self.u(1):
            zeros += 1
        return (1 << zeros) - 1 + self.u(zeros)


def _unescaped(unit: bytes) -> bytes:
    """Without the bytes that keep start codes from appearing by chance (7.4.1)."""
    return unit.replace(b"\0\0\3", b"\0\0")


def _escaped(payload: bytes) -> bytes:
    return re.sub(rb"\0\0(?=[\0-\3])", b"\0\0\3", payload)
