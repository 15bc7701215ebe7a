"""Read TIFF files."""
