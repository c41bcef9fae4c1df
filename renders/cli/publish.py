"""`publish`: the lesson as a page."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.argument("folders", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="DIR…")
@click.option("--one-file", is_flag=True, help="All of it in one .html file, to send or to carry.")
@click.option("--zip", "zipped", is_flag=True, help="Also the page as a .zip beside it.")
@click.option("--youtube", is_flag=True, help="Instead of a page: title, text, captions and thumbnail.")
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
    youtube: bool,
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
               llm-lesson publish renders/out/what-will-be --youtube
    """
    from renders.cli.reporters import briefly
    from renders.edition.edition import Edition
    from renders.errors import RequestError
    from renders.progress import Stages
    from renders.publish.one_file import one_file as as_one_file
    from renders.publish.pages import pages
    from renders.publish.youtube import for_youtube

    editions = [Edition.load(folder) for folder in folders]
    if (one_file or youtube) and (len(editions) > 1 or zipped or base_url or (one_file and youtube)):
        option = "--one-file" if one_file else "--youtube"
        raise RequestError(f"{option}: takes one DIR and nothing but --out; leave the others out")
    with briefly(as_json=False) as reporter, Stages(reporter).running("page"):
        if one_file:
            file = as_one_file(editions[0], out or folders[0] / "page.html", reporter)
            made = [(file, file.stat().st_size)]
        elif youtube:
            made = [for_youtube(editions[0], out or folders[0] / "youtube")]
        else:
            place = out or folders[0] / "page"
            made = list(pages(editions, place, trace=not no_trace, base_url=base_url, zipped=zipped))
    for path, size in made:
        click.echo(f"{path}  ({size / 1e6:.1f} MB)")
