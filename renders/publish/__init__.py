"""What is made of an edition, by functions `(Edition, folder, **options) → files`; pages to read from."""
