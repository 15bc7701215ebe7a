"""The images that models learn from and are measured on: manifest, splits, truth."""
