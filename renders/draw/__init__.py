"""A task → pictures: the only room with manim."""
