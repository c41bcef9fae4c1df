"""What may be said of a clip's files: how large, how long, and whether its place takes them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from renders.media.flashes import LIMIT
from renders.publish.clip_file import ClipFile, ClipManifest
from renders.publish.places import FORMATS, MOVING, READ, SHOWN, Place, budget, place_of
from renders.terminal import clock

_CAPTIONS = 20_000  # bytes that Bluesky takes of them


@dataclass(frozen=True)
class Verdict:
    """Of one file; `fits` is False where the place does not take it, or it has more bytes than it should."""

    file: str
    size: str
    seconds: str
    limit: str
    says: str
    fits: bool = True


def verdicts(about: ClipManifest) -> Iterator[Verdict]:
    """One for each file that is seen or heard, in the order in which they were made."""
    place = place_of(about.place or "blog")
    for name, file in about.files.items():
        if file.kind in FORMATS:
            lasts = about.seconds if file.seconds is None else file.seconds
            yield Verdict(name, _size(file), f"{lasts:.1f} s", *_judged(place, about, file, lasts))


def flashing(about: ClipManifest) -> str | None:
    """What is wrong where a clip flashes too much."""
    if about.flashes <= LIMIT:
        return None
    return (
        f"{about.name}: flashes, {about.flashes:.1f} by FFmpeg's filter photosensitivity, and {LIMIT:.0f} "
        "is the most; name other beats"
    )


def _judged(place: Place, about: ClipManifest, file: ClipFile, lasts: float) -> tuple[str, str, bool]:
    assert file.kind in FORMATS
    most = place.most.get(file.kind)
    limits = [f"{bytes_told(most)}"] if most else []
    limits += [clock(place.longest)] if place.longest else []
    limit = f"{' and '.join(limits)}{'°' if place.hearsay else ''}" if limits else "none"
    if most and file.bytes > most:
        return limit, f"too large for {place.name}; {_less(about)}", False
    if place.longest and lasts > place.longest:
        return limit, f"too long for {place.name}; {_less(about)}", False
    should = budget(file.kind, lasts, file.height or 0, sound=about.sound)
    if file.bytes > should:
        return limit, f"fits, but {bytes_told(should)} would do; {_smaller(place, about, file)}", False
    if file.kind in MOVING and lasts > SHOWN:
        return limit, f"fits, but few watch more than {SHOWN:.0f} s without sound; {_less(about)}", True
    return limit, f"fits{_saved(about, file)}", True


def _saved(about: ClipManifest, file: ClipFile) -> str:
    """What a WebM is worth beside its MP4."""
    beside = about.first("mp4")
    if file.kind != "webm" or beside is None:
        return ""
    share = file.bytes / about.files[beside].bytes
    return f", {1 - share:.0%} smaller than the MP4" if share < 1 else "; the MP4 is smaller, so leave it out"


def _smaller(place: Place, about: ClipManifest, file: ClipFile) -> str:
    """What takes fewer bytes for the same beats, where anything does."""
    if file.kind == "mp4" and (file.height or 0) > 720:
        return "give --size 720p"
    wanted = file.kind in place.formats  # where it must be a GIF
    return "--format webp takes less" if file.kind == "gif" and not wanted else _less(about)


def _less(about: ClipManifest) -> str:
    """How to make it smaller."""
    if len(about.beats) == 1:
        return "its one beat is long"
    longest = max(about.beats, key=lambda beat: beat.end - beat.start)
    return f"leave out beats, the longest is {longest.name} ({longest.end - longest.start:.1f} s)"


def _size(file: ClipFile) -> str:
    return f"{file.width}×{file.height}, {bytes_told(file.bytes)}"


def bytes_told(count: float) -> str:
    """As people say it: 212 kB, 1.9 MB."""
    return f"{count / 1e6:.1f} MB" if count >= 1e6 else f"{count / 1e3:.0f} kB"


def note(place: Place) -> str | None:
    """What stands below a table with a limit that others tell of."""
    if not place.hearsay:
        return None
    return f"° as told by pages of others in {READ}; {place.name} may have changed it"
