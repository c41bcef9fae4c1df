"""What a build leaves in its folder, written and read back."""
