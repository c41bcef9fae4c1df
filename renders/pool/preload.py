"""What workers have when they are forked: all that drawing imports, and the drawing of faces compiled."""

from __future__ import annotations

from importlib import import_module

import numpy as np

import renders.draw.render  # noqa: F401
from renders.draw.textures import TexturePainter
from scenes import CHAPTERS, style
from scenes.parts.space.boxes import plain

for _name in CHAPTERS:
    import_module(f"scenes.{_name}.scene")

_box = np.array([[0, 0, 4, 4]])
_painter = TexturePainter()
_painter.lay([plain(style.GROUND, "x")], np.array([[(0.0, 0), (4, 0), (0, 4), (4, 4)]]), _box)
_painter.prepare([0], _box, 4, 4)
_painter.paint(np.zeros((4, 4, 4), np.uint8), [0])
