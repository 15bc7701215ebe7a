"""Interpret the metadata of image files: world coordinate systems, object names and hints."""
