"""Find objects in images of wide fields: boxes with labels and probabilities."""
