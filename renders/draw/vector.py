"""A frame of a chapter as SVG: the outlines that cairo is handed, on a surface that keeps them.

Painters set colours in the order in which manim's memory has them, red and blue exchanged; so in the file
both are exchanged again, in colours and in the pictures that textures are.
"""

from __future__ import annotations

import base64
import io
import re
from typing import Any
from xml.sax.saxutils import escape

import cairo
import numpy as np
from PIL import Image

from llmtrace.trace import Trace
from renders.draw.brief_paths import brief
from renders.draw.camera import LessonCamera, Picture
from renders.draw.quick import quick_objects
from renders.draw.render import configured
from renders.draw.stills import StillsRenderer
from renders.media.png import png
from renders.shot import RenderTask
from scenes import style
from scenes.stage import scene_class

_COLOUR = re.compile(r"rgb\(([\d.]+%?), ?([\d.]+%?), ?([\d.]+%?)\)")
_PICTURE = re.compile(r"data:image/png;base64,([A-Za-z0-9+/=\s]+)")
_ROOT = re.compile(r"<svg [^>]*>")


def vector_still(task: RenderTask, frame: int, title: str, description: str, *, transparent: bool) -> str:
    """Draws a frame of a task's chapter as the text of an SVG, with a title and what is to be seen."""
    drawn: list[bytes] = []
    width, height = task.quality.width, task.quality.height
    with configured(task.quality, task.fps), quick_objects():

        def take(_frame: int, _picture: Picture) -> None:
            drawn.append(_vector(renderer, transparent))

        renderer = StillsRenderer(frozenset((frame,)), take)
        scene = scene_class(task.scheduled.chapter.source)(
            trace=Trace.load(task.trace), scheduled=task.scheduled, renderer=renderer
        )
        scene.render()
    svg = _COLOUR.sub(r"rgb(\3, \2, \1)", drawn[0].decode())
    svg = brief(_PICTURE.sub(_exchanged, svg))
    root = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" role="img" '
    root += f'width="{width}" height="{height}" viewBox="0 0 {width} {height}">'
    said = f"<title>{escape(title)}</title><desc>{escape(description)}</desc>"
    return _ROOT.sub(lambda _: f"{root}\n{said}", svg, count=1)


def _vector(renderer: StillsRenderer, transparent: bool) -> bytes:
    """All that the renderer's scene shows now."""
    file = io.BytesIO()
    camera = _VectorCamera(file, renderer.camera)
    if not transparent:
        red, green, blue = (channel / 255 for channel in style.channels(style.GROUND))
        camera.vector.set_source_rgb(blue, green, red)
        camera.vector.paint()
    camera.play = renderer.camera.play
    camera.capture_mobjects([*renderer.scene.mobjects, *renderer.scene.foreground_mobjects])
    camera.surface.finish()
    return file.getvalue()


class _VectorCamera(LessonCamera):
    """Draws on a surface of vectors instead of on pixels."""

    def __init__(self, file: Any, like: LessonCamera) -> None:
        super().__init__()
        wide, tall = like.pixel_width, like.pixel_height
        self.surface = cairo.SVGSurface(file, wide, tall)
        self.vector: Any = cairo.Context(self.surface)
        scale = wide / like.frame_width
        x, y = like.frame_center[:2]
        self.vector.set_matrix(cairo.Matrix(scale, 0, 0, -scale, wide / 2 - x * scale, tall / 2 + y * scale))

    def get_cairo_context(self, _pixel_array: Any) -> Any:
        return self.vector

    def _faces(self, ctx: Any, places: list[int]) -> None:
        """Each is a picture of its own."""
        for place in places:
            picture = np.zeros_like(self.pixel_array)
            left, top, right, bottom = self._quads.boxes[place].tolist()
            self._quads.paint(picture, [place])
            part = np.ascontiguousarray(picture[top:bottom, left:right])
            high, wide = part.shape[:2]
            surface = cairo.ImageSurface.create_for_data(part.data, cairo.FORMAT_ARGB32, wide, high, wide * 4)
            ctx.save()
            ctx.identity_matrix()
            ctx.set_source_surface(surface, left, top)
            ctx.paint()
            ctx.restore()


def _exchanged(found: re.Match[str]) -> str:
    """A picture in the file with red and blue exchanged."""
    picture = np.asarray(Image.open(io.BytesIO(base64.b64decode(found[1]))).convert("RGBA"))
    content = png(Image.fromarray(np.ascontiguousarray(picture[..., [2, 1, 0, 3]])))
    return f"data:image/png;base64,{base64.b64encode(content).decode()}"
