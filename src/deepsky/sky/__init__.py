"""Where images lie on the sky."""
