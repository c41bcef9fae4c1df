"""Trace → words and pictures. Every chapter is one folder, and a new one is a folder and its name below.

    scenes/attention/words.toml   its title, beats and labels, in every language          `scenes.texts`
    scenes/attention/script.py    its beats in their order, with their readings, no manim  `scenes.script`
    scenes/attention/scene.py     its pictures, a method for each beat                     `scenes.stage`

A lesson is written first: `write_lesson(trace, locale)` gives each beat its sentences, whose numbers are
readings. A voice then says how long each beat lasts and when its cues fall, and the scene is handed the
scheduled chapter:

    manim -ql scenes/attention/scene.py Attention

draws one at the pace of reading, from the bundled example or from the trace that LLMTRACE names. Chapters
are made of what stands in `scenes/parts`, and never of each other. Loading one checks that its three files
fit.

A `Reading` is a text with the tensor, index and form that it was made from: every number on screen or in
speech is one, so that it can be made again. `focus` is what a lesson looks at more closely. `style` is the
look, `page` where things stand, `Locale` the language and the level, handed on as a value.
"""

CHAPTERS = (
    "opening",
    "tokens",
    "embedding",
    "position",
    "layernorm",
    "qkv",
    "attention",
    "softmax",
    "mlp",
    "blocks",
    "output",
    "loop",
    "overview",
    "closing",
)
"""The names of all chapters, in the order of the lesson."""
