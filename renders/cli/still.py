"""`still`: one picture, for a slide, a paper, a poster."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from renders.cli.edition import folder_of
from renders.cli.options import AS_JSON, LANGUAGE, LEVEL, THEME, looking, sampling
from renders.cli.prompts import Prompt, prompted_or_traced
from renders.errors import RequestError

if TYPE_CHECKING:
    from renders.publish.still import Still, StillOptions

_ENDINGS = {".png": "png", ".webp": "webp", ".svg": "svg"}


@click.command()
@click.argument("part", metavar="CHAPTER[:BEAT]")
@prompted_or_traced
@click.option(
    "--format",
    "kind",
    type=click.Choice(list(_ENDINGS.values())),
    help="[default: by the ending of --out, else png]",
)
@click.option("--width", type=int, default=1280, show_default=True, help="In pixels.")
@click.option("--transparent", is_flag=True, help="Without the ground.")
@sampling
@looking
@LEVEL
@LANGUAGE
@THEME
@AS_JSON
@click.option("--out", type=click.Path(path_type=Path), help="The file. [default: in the lesson's stills/]")
def still(
    part: str,
    prompt: Prompt,
    kind: str | None,
    width: int,
    transparent: bool,
    theme: str | None,
    as_json: bool,
    out: Path | None,
    **options: Any,
) -> None:
    """Draws one picture of a chapter, or of the end of a beat: PNG, WebP, or SVG with outlines that stay
    sharp at any size.

    Of a PROMPT nothing else is made, so that this takes seconds; the picture is that of its lesson.

    \b
    Examples:  llm-lesson still attention:arcs renders/out/what-will-be --format svg
               llm-lesson still output "What will be" --width 3840 --out bars.png
    """
    from renders.publish.still import BUDGET, StillOptions
    from renders.publish.verdict import bytes_told

    wanted = StillOptions(_kind(kind, out), width, transparent, theme)  # type: ignore[arg-type]
    made = _drawn(part, prompt, options, out, wanted, as_json)
    if as_json:
        click.echo(json.dumps({"still": str(made.path), "bytes": made.bytes, "alt": made.alt}))
        return
    large = made.path.suffix == ".svg" and made.bytes > BUDGET
    advice = "; it is of very many outlines: a PNG may do" if large else ""
    click.echo(f"{made.path}  ({bytes_told(made.bytes)}{advice})")
    click.echo(made.alt)


def _drawn(
    part: str,
    prompt: Prompt,
    options: Mapping[str, Any],
    out: Path | None,
    wanted: StillOptions,
    as_json: bool,
) -> Still:
    """The still of a lesson's folder, or of a prompt."""
    from renders.cli.reporters import briefly
    from renders.publish.still import still, still_of

    folder = folder_of(prompt, options)
    with briefly(as_json) as reporter:
        if folder is not None:
            from renders.edition.edition import Edition

            return still(Edition.load(folder), part, out, wanted, reporter)
        from renders.publish.excerpt import parted
        from renders.request import job

        request = job(prompt, **options, theme=wanted.theme, chapters=[parted(part)[0]])
        request.require_files()
        return still_of(request, part, out, wanted, reporter)


def _kind(kind: str | None, out: Path | None) -> str:
    """The format that is asked for, or that the name of the file says."""
    named = None if out is None else _ENDINGS.get(out.suffix.lower())
    if out is not None and named is None:
        raise RequestError(f"--out {out}: a still is {', '.join(_ENDINGS)}; let its name end so")
    if kind and named and kind != named:
        raise RequestError(f"--out {out}: what is written is {kind}; let its name end in .{kind}")
    return kind or named or "png"
