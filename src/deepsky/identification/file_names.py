"""Names of objects in the names of files and folders."""

import re
from pathlib import PurePath
from typing import Final
from urllib.parse import unquote

from deepsky.identification.names import find_names

__all__ = ["object_names"]

_SUFFIX: Final = re.compile(r"(?:\.(?=[A-Za-z0-9]{0,4}[A-Za-z])[A-Za-z0-9]{1,5}){1,2}$")


def object_names(path: str | PurePath) -> list[str]:
    r"""Find the names of deep-sky objects in the name of a file and of its folder.

    Parameters
    ----------
    path : str or PurePath
        Path or URL of a file. Slashes and backslashes separate folders.

    Returns
    -------
    list of str
        Designations as returned by `deepsky.identification.names.find_names`: those in the name
        of the file, followed by those in the name of its folder.

    Examples
    --------
    >>> from deepsky.identification.file_names import object_names
    >>> object_names("M81 group/Stacked_136_M 82_10.0s_LP.fits")
    ['M 82', 'M 81']
    """
    *folders, name = re.split(r"[/\\]", str(path)[-2000:])
    texts = [_SUFFIX.sub("", name), *folders[-1:]]
    return list(dict.fromkeys(found for text in texts for found in find_names(unquote(text))))
