"""What workers have when they are forked: all that drawing imports, and all loops over pixels compiled."""

from __future__ import annotations

from importlib import import_module

import numpy as np

import renders.draw.render  # noqa: F401
from renders.draw.textures import TexturePainter
from renders.media.yuv import YuvConverter
from scenes import CHAPTERS, style
from scenes.parts.space.boxes import plain

for _name in CHAPTERS:
    import_module(f"scenes.{_name}.scene")

_box = np.array([[0, 0, 4, 4]])
_painter = TexturePainter()
_painter.lay([plain(style.GROUND, "x")], np.array([[(0.0, 0), (4, 0), (0, 4), (4, 4)]]), _box)
_painter.prepare([0], _box, 4, 4)
_picture = np.zeros((4, 4, 4), np.uint8)
_painter.paint(_picture, [0])
YuvConverter(4, 4).take(_picture)
