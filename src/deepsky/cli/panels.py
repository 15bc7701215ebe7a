"""Titles of the groups of options in the help of commands."""

from typing import Final

__all__ = [
    "ACTIONS",
    "CLASSIFICATION",
    "DATA",
    "IMAGES",
    "LIMITS",
    "OUTPUT",
    "SKY",
    "SPEED",
    "TRAINING",
]

IMAGES: Final = "Images"
CLASSIFICATION: Final = "Classification"
OUTPUT: Final = "Output"
ACTIONS: Final = "Actions on each image"
SKY: Final = "Place on the sky"
LIMITS: Final = "Limits on images"
SPEED: Final = "Speed"
DATA: Final = "Data"
TRAINING: Final = "Training"
