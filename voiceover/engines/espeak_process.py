"""One text spoken by libespeak-ng, in a process of its own: espeak_process.py LIBRARY DATA VOICE RATE < TEXT.

The library keeps the state of its oscillators from one text to the next, even over a new initialisation, so
that the second text of a process depends on the first. A process for each makes equal texts equal bits, and
an error in the library ends no more than that process. Uses the standard library only.

Writes a line of JSON, {"rate", "version", "events": [[kind, character, seconds], …]}, then 16-bit samples.
The numbers below are those of espeak-ng's speak_lib.h.
"""

import ctypes
import json
import sys
from typing import Any

_SYNCHRONOUS = 2  # AUDIO_OUTPUT_SYNCHRONOUS: samples go to the callback only
_DONT_EXIT = 0x8000  # espeakINITIALIZE_DONT_EXIT
_UTF8 = 1  # espeakCHARS_UTF8; without espeakSSML and espeakPHONEMES, so nothing in the text is markup
_RATE = 1  # espeakRATE, in words a minute
_CHARACTER = 1  # POS_CHARACTER
_KINDS = {1: "word", 5: "pause"}  # espeakEVENT_WORD, espeakEVENT_END


class _Event(ctypes.Structure):
    _fields_ = (
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),  # of characters, from 1
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),  # milliseconds
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", ctypes.c_char * 8),
    )


_Callback = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event)
)


def main(library: str, data: str, voice: str, rate: str, text: str) -> tuple[dict[str, Any], bytes]:
    """Speaks `text` and returns what is written; exits with a line on standard error when it cannot."""
    espeak = ctypes.CDLL(library)
    espeak.espeak_Info.restype = ctypes.c_char_p
    hertz = espeak.espeak_Initialize(_SYNCHRONOUS, 0, data.encode() or None, _DONT_EXIT)
    if hertz <= 0:
        sys.exit(f"its data in {data or 'the system'} cannot be read")
    if espeak.espeak_SetVoiceByName(voice.encode()):
        sys.exit(f"it has no voice {voice}")
    if espeak.espeak_SetParameter(_RATE, int(rate), 0):
        sys.exit(f"it cannot speak at {rate} words a minute")
    samples, events = bytearray(), list[tuple[str, int, float]]()

    def heard(wave: Any, count: int, told: Any) -> int:
        if count:
            samples.extend(ctypes.string_at(wave, 2 * count))
        index = 0
        while told[index].type:
            if kind := _KINDS.get(told[index].type):
                position, milliseconds = told[index].text_position, told[index].audio_position
                events.append((kind, position - 1, milliseconds / 1000))
            index += 1
        return 0

    callback = _Callback(heard)
    espeak.espeak_SetSynthCallback(callback)
    said = text.encode()
    if espeak.espeak_Synth(said, len(said) + 1, 0, _CHARACTER, 0, _UTF8, None, None):
        sys.exit("it refused the text")
    about = {"rate": hertz, "version": espeak.espeak_Info(None).decode(), "events": events}
    return about, bytes(samples)


if __name__ == "__main__":
    a_library, its_data, a_voice, a_rate = sys.argv[1:]
    header, sound = main(a_library, its_data, a_voice, a_rate, sys.stdin.buffer.read().decode())
    sys.stdout.buffer.write(json.dumps(header).encode() + b"\n" + sound)
