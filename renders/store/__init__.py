"""The disk: places, whole-or-not writes, the cache, and what code a kept file was made by."""
