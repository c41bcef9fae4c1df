"""One page, or the pages of several lessons of one prompt, each with tabs that lead to the others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from renders.edition.edition import Edition
from renders.errors import RequestError
from renders.publish.archive import archive
from renders.publish.labels import label
from renders.publish.page import PAGE, Sibling, page, picture
from renders.store import places


def pages(
    editions: Sequence[Edition],
    out: Path,
    *,
    trace: bool = True,
    base_url: str | None = None,
    zipped: bool = False,
) -> Iterator[tuple[Path, int]]:
    """Makes the page of each edition: the first in `out`, the others in folders of it.

    Yields each file that a person opens or sends, and how many bytes belong to it. Raises `RequestError`
    when the editions are of different prompts, or two are told alike.
    """
    names = _names(editions)
    for edition in editions:
        picture(edition)
    for number, edition in enumerate(editions):
        folder = out if number == 0 else out / _place(names[number])
        url = base_url and base_url.rstrip("/") + ("/" if number == 0 else f"/{_place(names[number])}/")
        with places.atomic_folder(folder) as aside:
            files = page(edition, aside, trace=trace, base_url=url, levels=_tabs(names, number))
            size = sum(file.stat().st_size for file in files)
        yield folder / PAGE, size
    if zipped:
        file = archive(
            out, out.with_name(f"{out.name}.zip"), folder_in_it=places.slug(editions[0].manifest.title)
        )
        yield file, file.stat().st_size


def _names(editions: Sequence[Edition]) -> list[str]:
    """What tells the editions apart: their levels, their languages, or both."""
    if len({edition.manifest.prompt for edition in editions}) > 1:
        raise RequestError("the folders hold lessons of different prompts; publish each by itself")
    levels = len({edition.locale.level for edition in editions}) > 1
    languages = len({edition.locale.language for edition in editions}) > 1
    names = []
    for edition in editions:
        level = [label(edition.locale, f"page.{edition.locale.level}")] if levels or not languages else []
        names.append(" · ".join([*level, *[edition.locale.name] * languages]))
    if len(set(names)) < len(names):
        raise RequestError("two of the folders hold lessons of one level and language; leave one of them out")
    return names


def _place(name: str) -> str:
    return places.slug(name)


def _tabs(names: Sequence[str], number: int) -> list[Sibling]:
    """Plain links from one page to all of them; none where there is only one."""
    up = "" if number == 0 else "../"
    found = []
    for other, name in enumerate(names if len(names) > 1 else ()):
        place = "" if other == 0 else f"{_place(name)}/"
        found.append(Sibling(name, f"{up}{place}{PAGE}", other == number))
    return found
