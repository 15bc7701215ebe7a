"""Datasets for training and evaluation: manifests, splits, targets and synthetic images."""
