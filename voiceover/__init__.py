"""Words → speech, captions and mastered sound. Knows no project type.

In the order of the data: `spoken` (written form → spoken form), `voices` and `engines` (text → `Speech`),
`cache` (each text spoken once), `captions` (a beat's text → VTT, SRT), `master` (speeches → track).
"""
