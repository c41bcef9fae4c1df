"""What the chapters are built of."""
