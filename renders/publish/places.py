"""The places that clips are made for: what each takes, and what is written for it.

What a place allows is said of a clip that was made, as advice, and stops nothing: it is theirs to change. The
limits marked `hearsay` stand on pages of third parties, the others in the place's own documentation.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from renders.errors import RequestError
from renders.values import one_of

READ = "2026-11"  # when the pages were read
MB = 1_000_000

Format = Literal["mp4", "webm", "webp", "gif"]
FORMATS: tuple[Format, ...] = ("mp4", "webm", "webp", "gif")
MOVING: tuple[Format, ...] = ("webp", "gif")  # pictures that move: without sound, whole in memory where shown
WIDEST: dict[Format, int] = {"gif": 640}  # pixels, wherever it goes: it keeps every picture whole
SHOWN = 10.0  # seconds of such a picture that are watched: what lasts longer is advised against
LATER = {"short": "9:16 comes later; 'square' is taken by the same places, or give --for youtube"}


@dataclass(frozen=True)
class Place:
    """A place and what is written for it. Sizes are bytes and pixels, times seconds.

    `most`: how many bytes it takes of a file of a format, `longest` how many seconds. `width`: of the
    pictures that move. `side`: of a square picture, instead of the lesson's own shape. `burned`: the captions
    are drawn into the picture, for it plays without sound. `srt`: it takes captions as SubRip.
    """

    name: str
    what: str
    formats: tuple[Format, ...] = ("mp4",)
    sound: bool = True
    most: dict[Format, int] = field(default_factory=dict)
    longest: float | None = None
    width: int = 800
    side: int | None = None
    burned: bool = False
    srt: bool = False
    source: str = ""
    hearsay: bool = False


PLACES: dict[str, Place] = {
    place.name: place
    for place in (
        Place("blog", "a page of your own: MP4, poster, captions"),
        Place(
            "github",
            "a README: WebP that plays by itself, and an MP4 to drag into the web editor",
            ("webp", "mp4"),
            sound=False,
            most={"webp": 10 * MB, "mp4": 10 * MB},
            source="docs.github.com: attaching files",
        ),
        Place(
            "email",
            "a letter: GIF, whose first frame is the finished picture",
            ("gif",),
            sound=False,
            most={"gif": 1 * MB},
            width=640,
            source="what letters bear; a letter of more than 102 kB of HTML is cut",
            hearsay=True,
        ),
        Place("slides", "PowerPoint, Keynote, Google Slides: MP4 and a picture"),
        Place(
            "youtube",
            "MP4 and SRT",
            longest=12 * 3600.0,
            srt=True,
            source="support.google.com/youtube",
        ),
        Place(
            "x",
            "MP4 with the captions in the picture",
            most={"mp4": 512 * MB, "gif": 15 * MB},
            longest=140.0,
            burned=True,
            source="help pages of third parties",
            hearsay=True,
        ),
        Place(
            "linkedin",
            "MP4 with the captions in the picture, and SRT",
            most={"mp4": 5000 * MB},
            longest=600.0,
            burned=True,
            srt=True,
            source="help pages of third parties",
            hearsay=True,
        ),
        Place(
            "bluesky",
            "MP4, captions, alternative text",
            most={"mp4": 100 * MB},
            longest=180.0,
            source="the lexicon app.bsky.embed.video; the length by third parties",
            hearsay=True,
        ),
        Place("square", "1:1, with the words below the picture", side=1080, burned=True),
    )
}
# Bytes a second that a format may well take: advice too, measured on clips of eight seconds at 720p.
_BUDGETS: dict[Format, float] = {"webp": 25_000, "gif": 25_000}
_SILENT, _NARRATED = 30_000, 2.5 * MB / 60


def place_of(name: str) -> Place:
    """The place of a name; raises `RequestError` for one that is unknown, or that comes later."""
    if name in LATER:
        raise RequestError(f"--for {name}: {LATER[name]}")
    one_of("place", name, PLACES)
    return PLACES[name]


def budget(made: Format, seconds: float, height: int, *, sound: bool) -> float:
    """How many bytes a clip may well have; a larger picture has more, though less than in step."""
    if made in _BUDGETS:
        return seconds * _BUDGETS[made]
    larger: float = max(1.0, height / 720) ** 1.5
    return seconds * (_NARRATED if sound else _SILENT) * larger
