"""Evaluation of models on labelled images, with confidence intervals."""
