"""The catalogue of deep-sky objects: their designations, names, kinds and places on the sky."""
