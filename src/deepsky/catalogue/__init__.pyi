from .catalogue import Catalogue as Catalogue
from .catalogue import load_catalogue as load_catalogue
from .objects import CatalogueObject as CatalogueObject
from .objects import FieldObject as FieldObject
from .simbad import find_in_simbad as find_in_simbad
from .vizier import VizierEntry as VizierEntry
from .vizier import find_in_vizier as find_in_vizier

__all__ = [
    "Catalogue",
    "CatalogueObject",
    "FieldObject",
    "VizierEntry",
    "find_in_simbad",
    "find_in_vizier",
    "load_catalogue",
]
