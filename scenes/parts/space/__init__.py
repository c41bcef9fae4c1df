"""The space that the network stands in: x is the path, to the right; y is up; z comes toward the viewer.

`projector` says where a point of space is on screen and which box is painted before which; `boxes` are what
stands there, `flight` moves the view, `network` says which box is where and what feeds it, without drawing.
"""
