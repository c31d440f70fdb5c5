"""To whom a call may be passed on: the file `handover.yaml`, by the names of this house."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import msgspec

FILE = Path(__file__).with_suffix(".yaml")


class Colleague(msgspec.Struct, frozen=True, rename={"use": "for"}):
    """A person or team, and what it is for."""

    to: str
    """As `supervisor`."""
    name: str
    use: str = ""


def colleagues(named: Mapping[str, str]) -> tuple[Colleague, ...]:
    """Those of the file with the names given; an empty name takes one out, others are added."""
    shipped = _shipped()
    known = {colleague.to for colleague in shipped}
    own = [Colleague(to, name) for to, name in named.items() if to not in known]
    renamed = [msgspec.structs.replace(c, name=named.get(c.to, c.name)) for c in shipped]
    return tuple(colleague for colleague in (*renamed, *own) if colleague.name.strip())


@cache
def _shipped() -> tuple[Colleague, ...]:
    import yaml

    return msgspec.convert(yaml.safe_load(FILE.read_bytes()), tuple[Colleague, ...])
