"""The names of the files in a lesson's folder."""

VIDEO, TRACE, LESSON, READINGS = "lesson.mp4", "trace.safetensors", "lesson.json", "readings.json"
SOUND, SOUND_MP3, COVER = "lesson.m4a", "lesson.mp3", "cover.png"
POSTER, THUMBNAIL = "poster.png", "thumbnail.jpg"
VTT, SRT, CHAPTERS_VTT = "captions.vtt", "captions.srt", "chapters.vtt"
TRANSCRIPT, TRANSCRIPT_PAGE, TRANSCRIPT_TEXT = "transcript.md", "transcript.html", "transcript.txt"
ARTICLES, TITLE, DESCRIPTION = ("post.html", "post.md"), "title.txt", "description.txt"  # of products
PARTS = "parts"  # of picture and sound, while a lesson is made
