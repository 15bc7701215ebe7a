"""Read XISF files."""
