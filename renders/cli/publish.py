"""`publish`: the lesson as a page."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.argument("folders", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="DIR…")
@click.option("--one-file", is_flag=True, help="All of it in one .html file, to send or to carry.")
@click.option("--zip", "zipped", is_flag=True, help="Also the page as a .zip beside it.")
@click.option(
    "--base-url", metavar="URL", help="Where the page will be, for the cards that others show of it."
)
@click.option("--no-trace", is_flag=True, help="Leave the tensors out; then nobody can check the page alone.")
@click.option(
    "--out", type=click.Path(path_type=Path), help="The page's folder, or its .html. [default: DIR/page]"
)
def publish(
    folders: tuple[Path, ...],
    one_file: bool,
    zipped: bool,
    base_url: str | None,
    no_trace: bool,
    out: Path | None,
) -> None:
    """Makes a page of the lesson in DIR: video, transcript, every number with its tensor.

    Several DIR of one prompt, at other levels or in other languages, become one page with tabs.

    \b
    Examples:  llm-lesson publish renders/out/what-will-be
               llm-lesson publish renders/out/what-will-be --one-file
               llm-lesson publish renders/out/what-will-be renders/out/what-will-be-story --zip
    """
    from renders.edition.edition import Edition
    from renders.errors import RequestError
    from renders.publish.one_file import one_file as as_one_file
    from renders.publish.pages import pages

    editions = [Edition.load(folder) for folder in folders]
    if one_file:
        if len(editions) > 1 or zipped or base_url:
            raise RequestError("--one-file: takes one DIR, and neither --zip nor --base-url; leave them out")
        made = as_one_file(
            editions[0], out or folders[0] / "page.html", lambda text: click.echo(text, err=True)
        )
        click.echo(f"{made}  ({made.stat().st_size / 1e6:.1f} MB)")
        return
    place = out or folders[0] / "page"
    for path, size in pages(editions, place, trace=not no_trace, base_url=base_url, zipped=zipped):
        click.echo(f"{path}  ({size / 1e6:.1f} MB)")
