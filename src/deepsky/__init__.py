"""Classify images of the deep sky as galaxy, nebula, star cluster or none of these.

`classify` classifies one image, and `classify_many` any number of files. `run` does what the
command line does: it writes tables, sorts and tags files, and resumes after an interruption.

Examples
--------
>>> import deepsky
>>> prediction = deepsky.classify("samples/m-90.jpg")
>>> prediction.label, prediction.verdict
('galaxy', 'confident')
"""

import lazy_loader

__version__ = "0.1.0"

# The names are listed in __init__.pyi, for type checkers too.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
