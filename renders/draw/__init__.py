"""A task → pictures: the only room with manim's renderer.

`render.draw` takes a task and gives segments; `renderer` and `camera` make the pictures; painters draw what they
hold, found by its type: `path_painter` outlines, `textures` cells; `burn` puts captions into them.

Four things of manim 0.22 are replaced here. Each is held equal to manim's own by a test, in pixels to ±2 of 255
levels, and could be left out: lessons would be the same and slower. Measured on the `attention` chapter at 1080p30
(seven tokens, beats of four seconds, CPU seconds with it → without it; all of manim's own: see `bench`):

1. `Camera.capture_mobjects` and below (manim/camera/camera.py): outlines are one array that cairo reads from
   numpy's memory, not a call a curve; textures are one pattern, not an object a cell. SAVES_PATHS
   test_camera.py, test_cairo_paths.py, test_textures.py.
2. `CairoRenderer.update_frame`, `get_frame`, `save_static_frame_data`, `add_frame`
   (manim/renderer/cairo_renderer.py): only the box of what moves is wiped, drawn again and handed on, and no
   picture is copied. SAVES_BOXES test_camera.py says that nothing changes outside of the boxes.
3. `Animation.interpolate_mobject` and `Scene.update_mobjects`, on the instances of one play (transforms.py): the
   transforms of all objects are one numpy product. SAVES_TRANSFORMS test_transforms.py.
4. `Mobject.__deepcopy__`, for the time of one drawing (fastcopy.py): what nobody changes in place is shared.
   SAVES_COPIES test_fastcopy.py.
"""
