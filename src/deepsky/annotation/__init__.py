"""Write what is known about an image into copies: outlines of objects, WCS and metadata."""
