"""A person's own voice: a recording for each text, found by the sheet that was read from.

`llm-lesson record-sheet` writes a folder with `sheet.json`, which says for each text which file it is to be
recorded in. A text that is not on the sheet is refused, so that no recording says another lesson's numbers.
Names of files may be in upper or lower case, as recorders and cameras write them (`001.WAV`).
"""

import hashlib
import json
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from voiceover.engines.silent import SilentEngine
from voiceover.errors import RecordingError, VoiceLanguageError
from voiceover.files import found_by_name
from voiceover.speech import Samples, Speech
from voiceover.spoken import spoken

__all__ = ["FORMAT", "LICENCE", "SHEET", "RecordedEngine"]

SHEET = "sheet.json"
FORMAT = 1
LICENCE = "recordings: a person's own voice, on that person's terms"
TOO_LONG = 1.5
"""A recording that lasts so many times its reading time, and `LEAST` seconds more, is remarked on."""
LEAST = 2.0


@dataclass(frozen=True)
class _Line:
    file: Path
    seconds: float  # that it should take


class RecordedEngine:
    """The recordings of a folder. A text without one is silent for its reading time, and is remarked on."""

    name = "recordings"
    licence = LICENCE

    def __init__(self, folder: Path, language: str) -> None:
        """Reads the sheet and every recording. Raises `RecordingError` and `VoiceLanguageError`."""
        self.folder, self.language, self.voice = folder, language, folder.resolve().name
        content = _sheet(found_by_name(folder / SHEET))
        if content["language"] != language:
            raise VoiceLanguageError.of(f"recordings:{folder}", content["language"], language)
        self._lines = {
            spoken(beat["text"], language): _Line(
                found_by_name(folder / Path(beat["file"]).name), float(beat["seconds"])
            )
            for beat in content["beats"]
        }
        self._silence = SilentEngine(language)
        digest, remarks, heard = hashlib.sha256(), list[str](), 0
        for text, line in self._lines.items():
            digest.update(text.encode())
            if not line.file.is_file():
                remarks.append(f"{line.file.name}: is not recorded yet; its beat is silent, with captions")
                continue
            samples, rate = _recording(line.file)
            digest.update(samples.tobytes() + str(rate).encode())
            seconds = len(samples) / rate
            heard += bool(samples.any())
            if not samples.any():
                remarks.append(f"{line.file.name}: is silent; record it again")
            elif seconds > max(TOO_LONG * line.seconds, line.seconds + LEAST):
                remarks.append(
                    f"{line.file.name}: lasts {seconds:.1f} s, and its sheet says {line.seconds:.1f} s; "
                    "the picture waits for it"
                )
        if not heard:
            raise RecordingError.of(
                folder,
                f"nothing is recorded yet: none of the {len(self._lines)} files of its sheet has a sound",
                "record them as WAV files beside the sheet, or use --voice silent for captions only",
            )
        self.remarks = tuple(remarks)
        self.fingerprint = f"recordings/1/{digest.hexdigest()}/{self._silence.fingerprint}"

    def load(self) -> None:
        """Nothing: the recordings were read to look at them."""

    def speak(self, text: str) -> Speech:
        """The recording of `text`, as long as it is, without times of its words; see `Engine.speak`."""
        line = self._lines.get(text)
        if line is None:
            raise RecordingError.of(
                self.folder,
                f"the sheet has no '{text[:60]}'",
                "make the sheet again with the prompt, model, options and command of this lesson",
            )
        if not line.file.is_file():
            return self._silence.speak(text)
        return Speech(*_recording(line.file))


def _sheet(path: Path) -> dict[str, Any]:
    """The sheet, looked through."""
    again = "write it with 'llm-lesson record-sheet PROMPT --out FOLDER'"
    try:
        content = json.loads(path.read_text("utf-8"))
        if content["format"] != FORMAT:
            raise RecordingError.of(path, f"format {content['format']}, this version reads {FORMAT}", again)
        for beat in content["beats"]:
            str(beat["text"]), str(beat["file"]), float(beat["seconds"])
        str(content["language"])
    except FileNotFoundError:
        raise RecordingError.of(path, "no such sheet", again) from None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise RecordingError.of(path, f"cannot be read: {error!r}", again) from error
    assert isinstance(content, dict)
    return content


def _recording(path: Path) -> tuple[Samples, int]:
    """A WAV file's samples, (n,), its channels as one, and its rate."""
    from scipy.io import wavfile  # half a second of imports that no other voice needs

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", wavfile.WavFileWarning)  # of notes that recorders add
            rate, data = wavfile.read(path)
        if not 8_000 <= rate <= 192_000:
            raise ValueError(f"{rate} samples a second")
        if not len(data):
            raise ValueError("no sound in it")
        whole = np.issubdtype(data.dtype, np.integer)
        middle, full = (128, 128) if data.dtype == np.uint8 else (0, np.iinfo(data.dtype).max if whole else 1)
        samples = ((data.astype(np.float64) - middle) / full).reshape(len(data), -1).mean(axis=1)
        if not np.isfinite(samples).all():
            raise ValueError("samples that are no numbers")
    except Exception as error:  # what scipy raises of a broken file shares no base class
        raise RecordingError.of(
            path, f"not a WAV file that can be used: {error}", "record it again as WAV"
        ) from error
    return samples.astype(np.float32), int(rate)
