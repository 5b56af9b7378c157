"""Where an index is: a folder, or a collection of Milvus named by an address such as milvus://localhost:19530/news."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from ..errors import InputError

_SCHEME = re.compile(r"milvuss?:/{1,2}(?!/)")  # a Path makes one slash of two
_ADDRESS = re.compile(
    r"(milvuss?):/{1,2}(?:(?P<token>[^@/]*)@)?(?P<host>\[[0-9A-Fa-f:.]+\]|[^:/@\[\]]+)(?::(?P<port>\d{1,5}))?/(?P<name>.*)"
)
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,200}")
_PORT = 19530


@dataclass(frozen=True, slots=True)
class Address:
    """A collection of Milvus. `token`: "user:password" or an API key, "" for none, which is never shown; `secure`: over TLS."""

    host: str
    port: int
    name: str
    token: str = ""
    secure: bool = False

    @classmethod
    def of(cls, text: str) -> Address:
        """milvus://[TOKEN@]HOST[:PORT]/NAME, or milvuss:// over TLS. Raises InputError."""
        found = _ADDRESS.fullmatch(text)
        if found is None or not _NAME.fullmatch(found["name"]) or not 0 < int(found["port"] or _PORT) < 65536:
            raise InputError(f"{hidden(text)}: write milvus://HOST:PORT/NAME, the name of letters, digits and underscores")
        return cls(found["host"], int(found["port"] or _PORT), found["name"], found["token"] or "", found[1] == "milvuss")

    @property
    def uri(self) -> str:
        """As the client takes it."""
        return f"{'https' if self.secure else 'http'}://{self.host}:{self.port}"

    def __str__(self) -> str:
        return f"{'milvuss' if self.secure else 'milvus'}://{self.host}:{self.port}/{self.name}"


def is_remote(place: str | Path) -> bool:
    """Whether a place is an address, and no folder."""
    return _SCHEME.match(str(place)) is not None


def place_of(given: str | Path) -> str:
    """A place as text, which means the same wherever the program is: an absolute path, or an address."""
    return str(given) if is_remote(given) else str(Path(given).absolute())


def hidden(text: str) -> str:
    """An address without its token, to be shown."""
    return re.sub(r"(milvuss?:/{1,2})[^@/]*@", r"\1", text)
