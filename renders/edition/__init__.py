"""What a build leaves in its folder: `Edition`, with its `Manifest` and its rows; written and read back."""
