"""Find the images in a folder that has one subfolder per class, the convention of Keras."""

import re
import unicodedata
from collections import defaultdict
from pathlib import Path

from deepsky.errors import DatasetError
from deepsky.taxonomy import Label, is_label

__all__ = ["find_images", "label_of_folder"]

FEWEST_CLASSES = 2


def label_of_folder(name: str) -> Label:
    """Return the label that the name of a folder stands for.

    Letters become lower-case, and ``_`` replaces spaces and other characters.

    Parameters
    ----------
    name : str

    Returns
    -------
    str

    Raises
    ------
    DatasetError
        If the name contains no letters or digits, or is too long.

    Examples
    --------
    >>> label_of_folder("Star cluster"), label_of_folder("Type Ia")
    ('star_cluster', 'type_ia')
    """
    text = unicodedata.normalize("NFKC", name).lower()
    label = re.sub(r"[^\w-]+", "_", text).strip("_-")
    if not is_label(label):
        msg = (
            f"The folder {name!r} cannot be used as a label. Rename it: a label consists of up to "
            "64 letters, digits, _ and -."
        )
        raise DatasetError(msg)
    return label


def find_images(folder: Path) -> dict[Label, list[Path]]:
    """List the files of each class in a folder that has one subfolder per class.

    Files in further subfolders belong to the class of the subfolder. Hidden files are ignored.

    Parameters
    ----------
    folder : Path

    Returns
    -------
    dict of str to list of Path
        Files by label, in alphabetical order. They need not be images.

    Raises
    ------
    DatasetError
        If there are fewer than two subfolders, a subfolder contains no files, or the names of two
        subfolders stand for the same label.
    """
    classes: dict[Label, Path] = {}
    found: dict[Label, list[Path]] = defaultdict(list)
    for subfolder in sorted(path for path in folder.iterdir() if _is_class(path)):
        label = label_of_folder(subfolder.name)
        if label in classes:
            msg = (
                f"The folders {classes[label]} and {subfolder} have the same label, {label}. "
                "Rename one of them, or move all their images into one."
            )
            raise DatasetError(msg)
        classes[label] = subfolder
        found[label] = sorted(p for p in subfolder.rglob("*") if _is_visible_file(p, subfolder))
        if not found[label]:
            msg = f"The folder {subfolder} contains no images. Add images, or remove the folder."
            raise DatasetError(msg)
    if len(found) < FEWEST_CLASSES:
        msg = (
            f"The folder {folder} has {len(found)} subfolders with images, but a model needs at "
            "least two classes. Put the images of each class into a subfolder with the name of "
            f"the class, such as {folder / 'galaxy'} and {folder / 'nebula'}."
        )
        raise DatasetError(msg)
    return dict(found)


def _is_class(path: Path) -> bool:
    return path.is_dir() and not path.name.startswith(".")


def _is_visible_file(path: Path, folder: Path) -> bool:
    parts = path.relative_to(folder).parts
    return path.is_file() and not any(part.startswith(".") for part in parts)
