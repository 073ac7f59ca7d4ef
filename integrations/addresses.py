"""Which addresses are of the public internet: what may be called in the name of somebody who only gave us an address.

What is not known to be public is not: version 6 has one range for all that is, and what is special within it is told
apart here; version 4 has so little left that what is not public is listed.
"""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_UNICAST: Final = ipaddress.ip_network("2000::/3")
# Beside what `is_global` knows, which differs from one release of Python to the next.
_SPECIAL: Final = tuple(
    ipaddress.ip_network(each)
    for each in (
        "100.64.0.0/10",  # shared by carriers, and where some clouds keep their metadata
        "168.63.129.16/32",  # looks public, and is the inside of a cloud: what its machines are told about themselves
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",  # relays of 6to4, which led to whatever was near
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "240.0.0.0/4",
        "2001::/23",  # for protocols; 2001::/32 in it is Teredo, which has an IPv4 address within
        "2001:db8::/32",
        "2002::/16",  # 6to4: an IPv4 address within
        "3fff::/20",
    )
)


def is_public(text: str) -> bool:
    """Say whether an address is one of the public internet: no private, loopback, link-local or reserved one."""
    address: Address = ipaddress.ip_address(text.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    special = any(address in network for network in _SPECIAL if network.version == address.version)
    outside = address.version == _UNICAST.version and address not in _UNICAST
    return address.is_global and not (address.is_multicast or special or outside)
