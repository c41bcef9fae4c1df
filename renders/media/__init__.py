"""Pictures and samples → files: the only room with PyAV."""
