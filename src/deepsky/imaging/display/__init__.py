"""Convert decoded values to 8-bit RGB: mosaic, orientation, stretch and colours."""
