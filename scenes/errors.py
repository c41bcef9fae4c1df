"""What can be wrong with a chapter's folder."""


class ChapterError(Exception):
    """A chapter's words, script and scene do not fit each other. One line: what, where, and what there is."""
