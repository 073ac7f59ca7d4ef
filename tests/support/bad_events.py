"""Bodies and signatures that Stripe never sends, and what a sender of them may get to see."""

from __future__ import annotations

import gzip
import hmac
import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Final

Json = dict[str, Any]

# What a field may hold that it never holds: beside a wrong type, what parsers, databases and clocks choke on.
VALUES: Final[Mapping[str, Any]] = {
    "null": None,
    "true": True,
    "a list": [],
    "an object": {},
    "a fraction": 0.5,
    "zero": 0,
    "below zero": -1,
    "2^63": 2**63,
    "10^400": 10**400,
    "nothing": "",
    "a NUL": "evt\x00_1",
    "half a surrogate pair": "evt\ud800_1",
    "a long text": "e" * 100_000,
}
FIELDS: Final = ("id", "type", "account", "livemode", "created", "data")


def event(**changes: Any) -> Json:
    fields: Json = {
        "id": "evt_bad",
        "object": "event",
        "type": "checkout.session.completed",
        "account": "acct_nobody",
        "livemode": False,
        "created": int(time.time()),
        "data": {"object": {"id": "cs_bad", "object": "checkout.session"}},
    }
    return fields | changes


def signature(body: bytes, secret: str, at: str = "") -> str:
    stated = at or str(int(time.time()))
    return f"t={stated},v1={hmac.new(secret.encode(), stated.encode() + b'.' + body, sha256).hexdigest()}"


@dataclass(frozen=True)
class Bad:
    """One request. `sign` makes its Stripe-Signature from the body and the secret."""

    name: str
    body: bytes
    sign: Callable[[bytes, str], str | bytes] = signature
    headers: Mapping[str, str] = field(default_factory=dict)


def _right(body: bytes, secret: str) -> str:
    return signature(body, secret).partition("v1=")[2]


def _now() -> str:
    return str(int(time.time()))


SIGNATURES: Final[Mapping[str, Callable[[bytes, str], str | bytes]]] = {
    "none": lambda _b, _s: "",
    "only a time": lambda _b, _s: f"t={_now()}",
    "only a digest": lambda b, s: f"v1={_right(b, s)}",
    "only scheme v0": lambda b, s: f"t={_now()},v0={_right(b, s)}",
    "another secret": lambda b, _s: signature(b, "whsec_other"),
    "no secret": lambda b, _s: signature(b, ""),
    "another body": lambda _b, s: signature(b"{}", s),
    "a digest cut short": lambda b, s: signature(b, s)[:-1],
    "a digest in capitals": lambda b, s: f"t={_now()},v1={_right(b, s).upper()}",
    "a digest that is not ASCII": lambda _b, _s: f"t={_now()},v1=".encode() + "é".encode() * 32,
    "a time of four hundred digits": lambda b, s: signature(b, s, "9" * 400),
    "a time of letters": lambda b, s: signature(b, s, "now"),
    "a time below zero": lambda b, s: signature(b, s, "-1"),
    "a fraction of a time": lambda b, s: signature(b, s, f"{time.time():.3f}"),
    "a time of other digits": lambda b, _s: f"t=١٧٧٣,v1={'0' * 64}".encode(),
    "ten minutes ago": lambda b, s: signature(b, s, str(int(time.time()) - 600)),
    "in ten minutes": lambda b, s: signature(b, s, str(int(time.time()) + 600)),
    "commas": lambda _b, _s: ",,,,",
    "a thousand digests": lambda _b, _s: f"t={_now()}" + f",v1={'0' * 64}" * 500,
    "a digest of nothing": lambda _b, _s: f"t={_now()},v1=",
    "white space": lambda _b, _s: "   ",
    "equal signs": lambda _b, _s: "t=t=t,v1==",
}

BODIES: Final[Mapping[str, bytes]] = {
    "nothing": b"",
    "null": b"null",
    "a list": b"[]",
    "a number": b"1",
    "a text": b'"evt"',
    "an empty object": b"{}",
    "cut short": json.dumps(event()).encode()[:-9],
    "something behind": json.dumps(event()).encode() + b"{}",
    "no UTF-8": json.dumps(event()).encode().replace(b"evt_bad", b"evt_\xff\xfe"),
    "UTF-16": json.dumps(event()).encode("utf-16"),
    "a mark at its beginning": b"\xef\xbb\xbf" + json.dumps(event()).encode(),
    "two hundred thousand lists": b"[" * 200_000 + b"]" * 200_000,
    "objects in objects": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    "an integer of five thousand digits": json.dumps(event())
    .encode()
    .replace(b'"livemode": false', b'"n": ' + b"9" * 5000),
    "not a number": json.dumps(event(created=float("nan"))).encode(),
    "without end": json.dumps(event(created=float("inf"))).encode(),
    "a key twice": b'{"id": "evt_1", ' + json.dumps(event()).encode()[1:],
    "gzip": gzip.compress(json.dumps(event()).encode()),
    "NULs": b"\x00" * 64,
    "more than a megabyte": b'{"id": "' + b"e" * (1024 * 1024) + b'"}',
    "ten megabytes": b" " * (10 * 1024 * 1024),
    "a form": b"id=evt_1&type=charge.succeeded",
    "XML": b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>",
}


def all_bad() -> Iterator[Bad]:
    """Yield every case."""
    good = json.dumps(event()).encode()
    for name, sign in SIGNATURES.items():
        yield Bad(f"signed by {name}", good, sign)
    for name, body in BODIES.items():
        yield Bad(f"a body of {name}", body)
    yield Bad("said to be gzip", gzip.compress(good), headers={"content-encoding": "gzip"})
    for name in FIELDS:
        yield Bad(f"no {name}", json.dumps({key: value for key, value in event().items() if key != name}).encode())
        for described, value in VALUES.items():
            yield Bad(f"{name} is {described}", json.dumps(event(**{name: value})).encode())
    for described, value in VALUES.items():
        yield Bad(f"its object is {described}", json.dumps(event(data={"object": value})).encode())
        yield Bad(f"its object's id is {described}", json.dumps(event(data={"object": {"id": value}})).encode())
