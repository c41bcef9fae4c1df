"""`captions.vtt`, `captions.srt` and `chapters.vtt`: for a page or a player."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from renders.edition.edition import Edition
from renders.store import layout
from voiceover.captions import Caption, write_srt, write_vtt


def captions(edition: Edition, folder: Path, **_options: Any) -> list[Path]:
    """Writes the captions of a lesson twice, and its chapters."""
    vtt, srt, chapters = (folder / name for name in (layout.VTT, layout.SRT, layout.CHAPTERS_VTT))
    captions = [caption.said for _, beat in edition.manifest.beats for caption in beat.captions]
    write_vtt(captions, vtt)
    write_srt(captions, srt)
    write_vtt([Caption(*span) for span in edition.manifest.titles], chapters)
    return [vtt, srt, chapters]
