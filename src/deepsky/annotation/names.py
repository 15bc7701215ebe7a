"""Names of the object in an image, as far as nothing contradicts them."""

from deepsky.record import Record

__all__ = ["object_names"]


def object_names(record: Record) -> tuple[str, ...]:
    """Return the names of the object that an image shows.

    Parameters
    ----------
    record : Record

    Returns
    -------
    tuple of str
        The preferred designation and the common name, as far as they are known. Empty if the name,
        the position or the label contradict each other.
    """
    found = record["object"]
    if found is None or record["agreement"] == "differs":
        return ()
    return tuple(name for name in (found["name"], found["common_name"]) if name)
