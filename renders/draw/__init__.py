"""A task → pictures: the only room with manim's renderer.

`render.draw` takes a task and gives segments; `renderer` and `camera` make the pictures; painters, found by
an object's type, draw what it holds: `path_painter` outlines, `textures` cells. `burn` puts captions below.

Four things of manim 0.22 are replaced here. Each is held equal to manim's own by a test, outlines to ±2 of
255 levels, and without it a lesson would be the same and slower. `attention`, 7 tokens, at 1080p30, took 8 s
of CPU; 9 with a call a curve instead of the first, 10 without the second, 13 without the third, 9 without the
fourth; 22 with manim's own renderer.

1. `Camera.capture_mobjects` and what it calls (manim/camera/camera.py). Outlines are one array that cairo
   reads from numpy's memory, not a call a curve (test_camera.py, test_cairo_paths.py); a matrix of cells is
   one image, not an object a cell, and laid in perspective by a compiled loop (raster.py, test_textures.py).
2. `CairoRenderer.play`, `update_frame`, `get_frame`, `save_static_frame_data` and `add_frame`
   (manim/renderer/cairo_renderer.py). Only the box of what moves is wiped, drawn and handed on, and no
   picture is copied (test_camera.py, which also sees that nothing changes outside of the boxes).
3. `Animation.interpolate_mobject` and `Scene.update_mobjects`, on the instances of one play. The transforms
   of all objects are one product of arrays (transforms.py, test_transforms.py).
4. `Mobject.__deepcopy__` and `get_family`, as long as one drawing lasts. What nobody changes in place is
   shared, and a family is gathered in one list (quick.py, test_quick.py).
"""
