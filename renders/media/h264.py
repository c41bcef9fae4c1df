"""An H.264 stream changed without its encoder: frames that repeat the one before, and streams set end to end.

A P slice whose macroblocks are all skipped shows the frame before, to the last bit: where no neighbour moves
none is predicted to move, nothing is added to the prediction, and no edge is filtered. Such slices differ in
`frame_num` alone, when frames are shown in the order of decoding and nothing of it is written.

Every frame here can be referred to, one is kept for that, and `frame_num` counts them from the last IDR
picture. The encoder does not know of those put in, so that its own are numbered again.

Two IDR pictures in a row must differ in `idr_pic_id`. The encoder sees to that within a stream; where one
ends with such a picture and the next begins with one, the second gets another number.

Source: ITU-T H.264, of the above 8.4.1.1, table 7-13 (P_Skip), 8.7.2.1, 8.2.1.3, 8.2.5.3 and 7.4.3.
"""

from __future__ import annotations

import re

_REPEATS = 512  # bytes: more than a slice has in which all is skipped


class FrameNumbers:
    """Numbers the frames of a stream: those of the encoder, and the repeats between them.

    `header` holds the SPS, `repeat` a P slice that skips all, and both are byte streams (annex B).
    `number`: of the frame that is there already, counted from its IDR picture.
    """

    def __init__(self, header: bytes, repeat: bytes, number: int = 0) -> None:
        self._repeat, self._bits = repeat, _frame_num_bits(header)
        self._number = number  # of the last frame

    def encoded(self, packet: bytes, key: bool) -> bytes:
        """The encoder's next frame, of one slice; `key`: an IDR picture."""
        self._number = 0 if key else self._number + 1
        return packet if key else _numbered(packet, self._number, self._bits)

    def repeated(self) -> bytes:
        """A frame that shows the last one again."""
        self._number += 1
        return _numbered(self._repeat, self._number, self._bits)


class IdrPictures:
    """Tells each IDR picture from the one right before it, where streams of one header are set end to end.

    `header` is SPS and PPS as MP4 keeps them (avcC; ISO/IEC 14496-15, 5.3.3.1), and so are the packets.
    """

    def __init__(self, header: bytes) -> None:
        sps, pps = _parameter_sets(header)
        self._bits, self._filtered = _frame_num_bits(b"\0\0\1" + sps), _says_filter(pps)
        self._last: int | None = None  # of the picture before, when that is an IDR picture

    def next(self, packet: bytes, key: bool) -> bytes:
        """The next picture: as it is, unless it must be told from the one before. `key`: an IDR picture."""
        if not key:
            self._last = None
            return packet
        at = 4  # past the length of the unit
        while packet[at] & 31 != 5:  # what stands before the picture's slice
            at += int.from_bytes(packet[at - 4 : at], "big") + 4
        number, renumbered = _other_idr_pic_id(packet[at + 1 :], self._bits, self._filtered)
        if number == self._last:
            number = int(number == 0)
            unit = packet[at : at + 1] + renumbered
            packet = packet[: at - 4] + len(unit).to_bytes(4, "big") + unit
        self._last = number
        return packet


class DistinctFrames:
    """Leaves out frames that repeat the one before, and numbers the others anew, so that they decode alone.

    `header` is SPS and PPS as MP4 keeps them (avcC), and so are the packets, from an IDR picture on.
    Raises ValueError for a stream of another kind.
    """

    def __init__(self, header: bytes) -> None:
        sps, _ = _parameter_sets(header)
        self._bits, referred = _frame_num(b"\0\0\1" + sps)
        if referred != 1:
            raise ValueError("a frame may refer to others than the last, which must all be there")
        self._number, self._last = 0, b""

    def next(self, packet: bytes, key: bool) -> bytes | None:
        """The next frame; None where it repeats the one before. `key`: an IDR picture."""
        if key:
            self._number, self._last = 0, b""
            return packet
        at = 0  # of the length of the last unit, the frame's slice
        while (after := at + 4 + int.from_bytes(packet[at : at + 4], "big")) < len(packet):
            at = after
        unit = b"\0\0\1" + packet[at + 4 :]
        # Once more the same slice: that is one in which all is skipped.
        alike = _numbered(unit, 0, self._bits) if len(unit) < _REPEATS else b""
        if alike and alike == self._last:
            return None
        self._last = alike
        self._number += 1
        numbered = _numbered(unit, self._number, self._bits)[3:]
        return packet[:at] + len(numbered).to_bytes(4, "big") + numbered


def same_header(kept: bytes, header: bytes) -> bool:
    """Whether a stream's header as MP4 keeps it (avcC) is an encoder's (annex B)."""
    units = [unit.strip(b"\0") for unit in header.split(b"\0\0\1") if unit.strip(b"\0")]
    of_stream = [unit for unit in units if unit[0] & 31 in (7, 8)]  # SPS and PPS, without what is only told
    try:
        return [unit.strip(b"\0") for unit in _parameter_sets(kept)] == of_stream
    except (ValueError, IndexError):
        return False


def _parameter_sets(header: bytes) -> tuple[bytes, bytes]:
    """SPS and PPS of a header that has one of each."""
    if len(header) < 9 or header[4] & 3 != 3 or header[5] & 31 != 1:
        raise ValueError("not one SPS, with lengths of four bytes")
    end = 8 + int.from_bytes(header[6:8], "big")
    return header[8:end], header[end + 3 : end + 3 + int.from_bytes(header[end + 1 : end + 3], "big")]


def _says_filter(pps: bytes) -> bool:
    """Whether slices say how they are filtered (7.3.2.2). Raises ValueError unless CABAC codes them."""
    read = _Bits(_unescaped(pps[1:]))
    read.ue(), read.ue()  # pps id, sps id
    if not read.u(1):
        raise ValueError("slices are coded by CAVLC: their data does not begin on a byte")
    read.u(1)  # nothing of the order of showing follows in slices
    for _ in range(3):  # groups of slices, pictures referred to
        read.ue()
    read.u(3)  # weights
    for _ in range(3):  # quantisers
        read.ue()
    return bool(read.u(1))


def _other_idr_pic_id(slice_: bytes, bits: int, filtered: bool) -> tuple[int, bytes]:
    """The `idr_pic_id` of an intra slice, and the slice with another one: 1 for 0, else 0 (7.3.3).

    They are not equally long: the header is filled up to a whole byte again (7.3.4).
    """
    payload = _unescaped(slice_)
    read = _Bits(payload[:32])
    for _ in range(3):  # first macroblock, slice type, pps id
        read.ue()
    read.u(bits)  # frame_num
    start = read.left
    number = read.ue()
    end = read.left
    read.u(2)  # which pictures are kept
    read.ue()  # quantiser
    if filtered and read.ue() != 1:
        read.ue(), read.ue()
    size = len(payload[:32])
    head = f"{read.value:0{8 * size}b}"
    said = head[:-start] + ("1" if number else "010") + head[-end : -read.left]
    said += "1" * (-len(said) % 8)
    return number, _escaped(int(said, 2).to_bytes(len(said) // 8, "big") + payload[size - read.left // 8 :])


def _frame_num_bits(header: bytes) -> int:
    """How wide `frame_num` is; raises ValueError like `_frame_num`."""
    return _frame_num(header)[0]


def _frame_num(header: bytes) -> tuple[int, int]:
    """How wide `frame_num` is, and how many frames can be referred to (7.3.2.1.1).

    Raises ValueError unless frames are shown as they are decoded.
    """
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
    return bits, read.ue()


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
