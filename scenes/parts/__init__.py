"""What chapters are built of, and what scenes of your own may import: each is a Manim object.

    from manim import Scene
    from llmtrace import Trace
    from scenes.locale import Locale
    from scenes.parts.chips import Chip
    from scenes.reading import Reader

    class Mine(Scene):
        def construct(self):
            read = Reader(Trace.load("trace.safetensors"), Locale("en"))
            self.add(Chip(read("tokens", 0).token()))

A part takes a `Reading` or a slice of a trace, and has no default data: what it shows can be proved.

    label          words, mono, number, sentence, formula: text, set with the fonts inside Typst
    chips          Chip, Blank: a token in its box, and the place where the next one goes
    token_rows, rows, growing, prompt   tokens in columns and lines, the prompt as large as fits
    texture        Texture, Cells, Paint: the values of a slice as the cells of one image
    matrix, cells  Matrix, Vector: the same with numbers in them and frames around cells
    bars, staircase, mass, lottery      probabilities: bars, what the likeliest hold, where a draw falls
    arcs, multiples                     attention over a sentence, all heads of a model
    dotproduct, curve, histogram        products that add up, a function with its points, how values spread
    space                               the network in space: boxes, a projector, flights
"""
