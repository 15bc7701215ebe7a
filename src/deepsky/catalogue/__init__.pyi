from .catalogue import Catalogue as Catalogue
from .catalogue import load_catalogue as load_catalogue
from .objects import CatalogueObject as CatalogueObject
from .objects import FieldObject as FieldObject
from .simbad import find_in_simbad as find_in_simbad

__all__ = ["Catalogue", "CatalogueObject", "FieldObject", "find_in_simbad", "load_catalogue"]
