"""Classify images of the deep sky as galaxy, nebula, star cluster or none of these.

`classify` classifies one image, and `classify_many` classifies any number of files. `run` does the
same as the command ``deepsky classify``: it sorts and tags files, writes tables, and resumes
interrupted runs.

Examples
--------
>>> import deepsky
>>> prediction = deepsky.classify("samples/m-90.jpg")
>>> prediction.label, prediction.verdict
('galaxy', 'confident')
"""

import lazy_loader

__version__ = "1.0.0"

# lazy_loader and type checkers read the public names from __init__.pyi.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
