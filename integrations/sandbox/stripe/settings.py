"""What a sandbox is set up with."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class SandboxSettings:
    """A sandbox's addresses and keys.

    `path` is its database, None for one in memory. `base_url` is where people and clients reach it, without a slash
    at its end; it may have a path, where it is mounted under one. `webhook_url` None means that nobody is told of
    events. `business_name` is the platform's own account, `suggested_business` what the consent page proposes.
    """

    base_url: str
    path: Path | None = None
    webhook_url: str | None = None
    webhook_secret: str = field(default="whsec_sandbox", repr=False)
    api_key: str = field(default="sk_test_sandbox", repr=False)
    client_id: str = "ca_sandbox"
    business_name: str = "Evie Sandbox"
    suggested_business: str = ""

    @property
    def platform(self) -> str:
        """The id of the platform's own account: the same for the same key, in every process."""
        return f"acct_{hashlib.sha256(self.api_key.encode()).hexdigest()[:16]}"

    @property
    def prefix(self) -> str:
        """The path that the sandbox is mounted under, "" for none."""
        return urlsplit(self.base_url).path
