"""The catalogue of deep-sky objects: their designations, names, kinds and places on the sky."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
