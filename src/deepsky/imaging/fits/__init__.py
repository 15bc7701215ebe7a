"""Read FITS files."""
