"""Whole collections of pictures: found, read, classified and written, whatever their number."""
