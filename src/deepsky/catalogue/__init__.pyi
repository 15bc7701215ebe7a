from .catalogue import Catalogue as Catalogue
from .catalogue import load_catalogue as load_catalogue
from .objects import CatalogueObject as CatalogueObject
from .objects import FieldObject as FieldObject

__all__ = ["Catalogue", "CatalogueObject", "FieldObject", "load_catalogue"]
