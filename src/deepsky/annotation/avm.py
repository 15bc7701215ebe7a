"""Write Astronomy Visualization Metadata (AVM) as XMP."""

from collections.abc import Mapping
from xml.sax.saxutils import escape

from deepsky.imaging.astrometry.xmp import AVM, DUBLIN_CORE

__all__ = ["Avm", "format_avm", "make_xmp"]

Avm = Mapping[str, str | tuple[str, ...]]
"""Values by the name of the property; a tuple is a list."""


def format_avm(avm: Avm) -> str:
    """Return AVM properties as XML elements, with the prefixes ``avm`` and ``rdf``.

    Parameters
    ----------
    avm : mapping

    Returns
    -------
    str
        One element per property, each on new lines.
    """
    return "".join(_element(f"avm:{name}", value) for name, value in avm.items())


def _element(name: str, value: str | tuple[str, ...]) -> str:
    if isinstance(value, str):
        return f"\n   <{name}>{escape(value)}</{name}>"
    kind = "Seq" if name.startswith("avm:Spatial") else "Bag"
    items = "".join(f"<rdf:li>{escape(item)}</rdf:li>" for item in value)
    return f"\n   <{name}><rdf:{kind}>{items}</rdf:{kind}></{name}>"


def make_xmp(avm: Avm, names: tuple[str, ...]) -> str:
    """Return an XMP document to be embedded in an image.

    Parameters
    ----------
    avm : mapping
        AVM properties.
    names : tuple of str
        Keywords.

    Returns
    -------
    str
    """
    keywords = _element("dc:subject", names) if names else ""
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/">\n'
        ' <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">\n'
        f'  <rdf:Description rdf:about="" xmlns:dc="{DUBLIN_CORE}" xmlns:avm="{AVM}">'
        f"{keywords}{format_avm(avm)}\n  </rdf:Description>\n </rdf:RDF>\n</x:xmpmeta>\n"
        '<?xpacket end="w"?>'
    )
