"""Whole collections of images: found, read, classified and written, whatever their number."""
