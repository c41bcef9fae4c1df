"""`still`: one picture, for a slide, a paper, a poster."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from renders.cli.edition import edition_for
from renders.cli.options import LEVEL, looking, making, sampling
from renders.cli.prompts import Prompt, prompted_or_traced
from renders.errors import RequestError

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
@click.option("--theme", type=click.Choice(["dark", "light"]), default="dark", show_default=True)
@sampling
@looking
@LEVEL
@making
@click.option("--out", type=click.Path(path_type=Path), help="The file. [default: in the lesson's stills/]")
def still(
    part: str,
    prompt: Prompt,
    kind: str | None,
    width: int,
    transparent: bool,
    theme: str,
    as_json: bool,
    out: Path | None,
    **options: Any,
) -> None:
    """Draws one picture of a chapter, or of the end of a beat: PNG, WebP, or SVG with outlines that stay
    sharp at any size.

    \b
    Examples:  llm-lesson still attention:arcs renders/out/what-will-be --format svg
               llm-lesson still output "What will be" --width 3840 --out bars.png
    """
    from renders.publish.excerpt import parted
    from renders.publish.still import BUDGET, StillOptions
    from renders.publish.still import still as drawn
    from renders.publish.verdict import bytes_told

    wanted = StillOptions(_kind(kind, out), width, transparent, theme)  # type: ignore[arg-type]
    chapter, _, _ = parted(part)
    with edition_for(prompt, chapter, options, as_json=as_json) as (edition, reporter):
        reporter.stage("still")
        made = drawn(edition, part, out, wanted)
    if as_json:
        click.echo(json.dumps({"still": str(made.path), "bytes": made.bytes, "alt": made.alt}))
        return
    large = made.path.suffix == ".svg" and made.bytes > BUDGET
    advice = "; it is of very many outlines: a PNG may do" if large else ""
    click.echo(f"{made.path}  ({bytes_told(made.bytes)}{advice})")
    click.echo(made.alt)


def _kind(kind: str | None, out: Path | None) -> str:
    """The format that is asked for, or that the name of the file says."""
    named = None if out is None else _ENDINGS.get(out.suffix.lower())
    if out is not None and named is None:
        raise RequestError(f"--out {out}: a still is {', '.join(_ENDINGS)}; let its name end so")
    if kind and named and kind != named:
        raise RequestError(f"--out {out}: what is written is {kind}; let its name end in .{kind}")
    return kind or named or "png"
