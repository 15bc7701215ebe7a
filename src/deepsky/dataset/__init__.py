"""Images for training and evaluation: manifest, splits, targets and synthetic skies."""
