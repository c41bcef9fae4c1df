"""`clip`: one part of a lesson for a post, a letter, a slide."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from renders.cli.edition import edition_for
from renders.cli.options import LEVEL, MUSIC, looking, making, sampling
from renders.cli.prompts import Prompt, prompted_or_traced
from renders.publish.places import FORMATS, LATER, PLACES

if TYPE_CHECKING:
    from renders.publish.clip import Clip

HEIGHTS = {"360p": 360, "480p": 480, "540p": 540, "720p": 720, "1080p": 1080}


@click.command()
@click.argument("part", metavar="CHAPTER[:BEAT[..BEAT]]")
@prompted_or_traced
@click.option(
    "--for",
    "place",
    type=click.Choice([*PLACES, *LATER]),
    default="blog",
    show_default=True,
    help="Where it will be seen, which says what is written.",
)
@click.option(
    "--format",
    "formats",
    type=click.Choice(FORMATS),
    multiple=True,
    help="Instead of what the place has; may be given several times.",
)
@click.option("--sound/--silent", default=None, help="With the voice, or without. [default: by place]")
@click.option("--loop/--once", default=None, help="Whether it repeats. [default: when it is silent]")
@click.option("--size", type=click.Choice(list(HEIGHTS)), help="Of an MP4. [default: the lesson's own]")
@click.option("--strict", is_flag=True, help="Fail where a file is larger than it should be.")
@sampling
@looking
@LEVEL
@making
@MUSIC
@click.option(
    "--out", type=click.Path(path_type=Path), help="The clip's folder. [default: in the lesson's clips/]"
)
def clip(
    part: str,
    prompt: Prompt,
    place: str,
    formats: tuple[Any, ...],
    sound: bool | None,
    loop: bool | None,
    size: str | None,
    strict: bool,
    as_json: bool,
    out: Path | None,
    **options: Any,
) -> None:
    """Makes a clip of a chapter, or of some beats of it, out of a lesson's folder or of a PROMPT.

    With a prompt, the chapter is made first. Beside the clip are its poster, captions, a text for those who
    do not see it, and what to paste where.

    \b
    Examples:  llm-lesson clip attention renders/out/what-will-be
               llm-lesson clip output "What will be" --for github
               llm-lesson clip attention:mask..arcs renders/out/what-will-be --format gif
    """
    from renders.publish.clip import ClipOptions
    from renders.publish.clip import clip as make
    from renders.publish.excerpt import parted

    wanted = ClipOptions(place, formats, sound, loop, HEIGHTS[size] if size else None)
    chapter, _, _ = parted(part)
    burned = wanted.to.burned
    with edition_for(prompt, chapter, options, as_json=as_json, burned=burned) as (edition, reporter):
        made = make(edition, part, out, wanted, reporter)
    refused = _told(made, as_json)
    click.get_current_context().exit(1 if refused and strict else 0)


def _told(made: Clip, as_json: bool) -> bool:
    """Prints what was made; returns whether a place would not have it."""
    from renders.publish.places import place_of
    from renders.publish.verdict import flashing, note, verdicts
    from renders.terminal import table

    judged, flashes = list(verdicts(made.about)), flashing(made.about)
    if as_json:
        rows = [asdict(verdict) for verdict in judged]
        click.echo(json.dumps({"clip": str(made.folder), "seconds": made.about.seconds, "files": rows}))
    else:
        place = place_of(made.about.place or "blog")
        rows_ = [(v.file, v.size, v.seconds, v.limit, v.says) for v in judged]
        table(("file", "size", "lasts", f"{place.name} takes", "verdict"), rows_, whole=True)
        for line in filter(None, (note(place), f"{made.folder}  (all of it)")):
            click.echo(line)
    if flashes:
        click.echo(flashes, err=True)
    return bool(flashes) or not all(verdict.fits for verdict in judged)
