"""Evaluate models on labelled images, with confidence intervals."""
