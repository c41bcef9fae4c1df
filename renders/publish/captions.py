"""`captions.vtt`, `captions.srt` and `chapters.vtt`: for a page or a player."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from renders.edition.edition import Edition
from renders.store import layout
from voiceover.captions import Cue, write_srt, write_vtt


def captions(edition: Edition, folder: Path, **_options: Any) -> list[Path]:
    """Writes the captions of a lesson twice, and its chapters."""
    vtt, srt, chapters = (folder / name for name in (layout.VTT, layout.SRT, layout.CHAPTERS_VTT))
    cues = [caption.cue for _, beat in edition.manifest.beats for caption in beat.cues]
    write_vtt(cues, vtt)
    write_srt(cues, srt)
    write_vtt([Cue(*span) for span in edition.manifest.titles], chapters)
    return [vtt, srt, chapters]
