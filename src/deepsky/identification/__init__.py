"""Which object an image shows, and whether its name, its place on the sky and the network agree."""
