"""The catalogue of deep-sky objects."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from .common_names import CommonName, read_common_names
from .designations import normalise
from .facts import add_facts
from .field import FieldSearch
from .further_objects import add_further_objects
from .objects import CatalogueObject, FieldObject
from .openngc import read_openngc
from .spelling import plain_spelling

if TYPE_CHECKING:
    from astropy.wcs import WCS

__all__ = ["Catalogue", "load_catalogue"]


class Catalogue:
    """A catalogue of deep-sky objects.

    Parameters
    ----------
    objects : iterable of CatalogueObject
        The objects. Objects with the same designation must be merged beforehand.
    names : iterable of CommonName, optional
        Common names, which are added to the objects that they denote.
    """

    def __init__(
        self, objects: Iterable[CatalogueObject], names: Iterable[CommonName] = ()
    ) -> None:
        self._objects = _add_names(list(objects), list(names))
        self._by_name: dict[str, CatalogueObject] = {}
        for entry in self._objects:
            for designation in entry.designations:
                self._by_name.setdefault(designation, entry)
        for name, _, designation in names:
            if designation in self._by_name:
                self._by_name.setdefault(_key(name), self._by_name[designation])
        for entry in self._objects:
            for name in entry.common_names:
                self._by_name.setdefault(_key(name), entry)
        self._field = FieldSearch(self._objects)

    def __iter__(self) -> Iterator[CatalogueObject]:
        return iter(self._objects)

    def __len__(self) -> int:
        return len(self._objects)

    def find(self, name: str) -> CatalogueObject | None:
        """Return the object of a designation or a common name.

        Parameters
        ----------
        name : str
            A designation or a common name, in any usual spelling.

        Returns
        -------
        CatalogueObject or None
            The object; None if the catalogue does not contain it.

        Examples
        --------
        >>> from deepsky.catalogue import load_catalogue
        >>> catalogue = load_catalogue()
        >>> catalogue.find("ngc224").name, catalogue.find("andromeda galaxy").name
        ('M 31', 'M 31')
        """
        return self._by_name.get(normalise(name) or name) or self._by_name.get(_key(name))

    def in_field(self, wcs: "WCS", width: int, height: int) -> list[FieldObject]:
        """Return the objects in the field of an image.

        Parameters
        ----------
        wcs : astropy.wcs.WCS
            World coordinate system of the image. The centre of the top-left pixel is (0, 0).
        width, height : int
            Size of the image in pixels.

        Returns
        -------
        list of FieldObject
            The objects whose centre is inside the image or whose ellipse reaches into it, the
            largest first. Objects of unknown size are last.

        Raises
        ------
        ValueError
            If `wcs` has no celestial axes, or if the width or height is not positive.
        """
        return self._field.objects_in(wcs, width, height)


@cache
def load_catalogue() -> Catalogue:
    """Return the catalogue of OpenNGC and further catalogues.

    The catalogue is read at the first call and kept in memory.

    Returns
    -------
    Catalogue
        The catalogue.
    """
    return Catalogue(add_facts(add_further_objects(read_openngc())), read_common_names())


def _key(name: str) -> str:
    """Return a common name in the form in which names are compared."""
    return plain_spelling(name).casefold()


def _add_names(objects: list[CatalogueObject], names: list[CommonName]) -> list[CatalogueObject]:
    """Return the objects with their English and German names."""
    by_designation: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for name, language, designation in names:
        by_designation[designation][language].append(name)
    return [_with_names(entry, by_designation) for entry in objects]


def _with_names(
    entry: CatalogueObject, by_designation: dict[str, dict[str, list[str]]]
) -> CatalogueObject:
    lists = [by_designation[d] for d in entry.designations if d in by_designation]
    if not lists:
        return entry
    english = [name for by_language in lists for name in by_language.get("en", ())]
    german = [name for by_language in lists for name in by_language.get("de", ())]
    return replace(
        entry,
        common_names=_distinct([*english, *entry.common_names]),
        common_names_de=_distinct(german),
    )


def _distinct(names: Iterable[str]) -> tuple[str, ...]:
    distinct: dict[str, str] = {}
    for name in names:
        distinct.setdefault(_key(name), name)
    return tuple(distinct.values())
