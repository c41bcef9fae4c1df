"""Words → speech, captions and mastered sound. Knows no project type."""
