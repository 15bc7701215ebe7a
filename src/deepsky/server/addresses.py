"""Identify the subscriber that uses an IP address."""

from ipaddress import IPv6Address, ip_address, ip_network
from typing import Final

__all__ = ["subscriber"]

IPV6_PREFIX: Final = 64
"""Length of the network prefix that usually belongs to one subscriber."""


def subscriber(address: str) -> str:
    """Return an identifier of the subscriber that uses an IP address.

    Parameters
    ----------
    address : str
        IP address, or another text that a proxy has sent instead.

    Returns
    -------
    str
        The address; for IPv6, the subscriber's network, because the subscriber can use any address
        in it.

    Examples
    --------
    >>> subscriber("192.0.2.7"), subscriber("2001:db8::1:2")
    ('192.0.2.7', '2001:db8::/64')
    """
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if not isinstance(parsed, IPv6Address):
        return address
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(ip_network((parsed.packed, IPV6_PREFIX), strict=False))
