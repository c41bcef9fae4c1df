"""`feed`: lessons to listen to, as a podcast."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.argument("folders", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="DIR…")
@click.option("--base-url", required=True, metavar="URL", help="Where the feed will be: https://…")
@click.option("--title", required=True, help="The podcast's title.")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("feed"),
    show_default=True,
    help="The feed's folder.",
)
def feed(folders: tuple[Path, ...], base_url: str, title: str, out: Path) -> None:
    """Makes a podcast of the lessons in DIR…, which 'listen' made: feed, sound, chapters, transcripts.

    \b
    Example:  llm-lesson listen "What will be"
              llm-lesson feed renders/out/what-will-be --base-url https://example.org/listen --title "Lessons"
    """
    from renders.cli.reporters import briefly
    from renders.edition.edition import Edition
    from renders.progress import Stages
    from renders.publish.feed import feed as made

    editions = [Edition.load(folder) for folder in folders]
    with briefly(as_json=False) as reporter, Stages(reporter).running("feed"):
        file = made(editions, out, base_url=base_url, title=title)
    click.echo(file)
