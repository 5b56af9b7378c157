"""What is said of a file's articles beside it: by whoever adds it, or in a sidecar, NAME.meta.json or .yaml beside NAME."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from ...errors import InputError, ReadError
from .. import dateline
from ..dates import parse_date
from ..readers.draft import Draft
from ..readers.fields import NAMES, from_fields

_SIDECARS = (".meta.json", ".meta.yaml", ".meta.yml")
_LARGEST = 1 << 20  # bytes


@dataclass(frozen=True, slots=True)
class Stated:
    """What is said of articles, for what they do not state themselves. `names`: what a field is called, by kind, see `fields`."""

    source: str = ""
    published: str | None = None
    title: str = ""
    url: str = ""
    language: str = ""
    names: dict[str, str] = field(default_factory=dict)
    warnings: tuple[ReadError, ...] = ()  # what of it could not be read

    @classmethod
    def of(cls, source: str | None = None, date: str | None = None, names: str | None = None) -> Stated:
        """From the words of a command: a date, and names as "title=headline,text=body". Raises InputError."""
        try:
            published = parse_date(date)
        except ValueError as error:
            raise InputError(f"date: {error}") from None
        pairs = dict(pair.partition("=")[::2] for pair in (names or "").split(",") if pair.strip())
        pairs = {kind.strip(): name.strip() for kind, name in pairs.items()}
        if bad := [kind for kind, name in pairs.items() if kind not in NAMES or not name]:
            raise InputError(f"map: {bad[0]!r}: write FIELD=NAME,..., where FIELD is one of {', '.join(NAMES)}")
        return cls(" ".join((source or "").split()), published, names=pairs)

    @classmethod
    def beside(cls, path: Path) -> Stated:
        """What a file's sidecar says; nothing where it has none. What of it cannot be read is left out, with a warning."""
        for suffix in _SIDECARS:
            sidecar = path.with_name(path.name + suffix)
            if sidecar.is_file():
                try:
                    draft = from_fields(_loaded(sidecar), "", str(sidecar))
                except ReadError as error:
                    return cls(warnings=(error,))
                warnings = tuple(ReadError(str(sidecar), warning) for warning in draft.warnings)
                return cls(draft.source, draft.published, draft.title, draft.url, draft.language, warnings=warnings)
        return NOTHING

    def over(self, other: Stated) -> Stated:
        """What this says, and the other where this says nothing."""
        values = {name: getattr(self, name) or getattr(other, name) for name in self.__slots__}
        return Stated(**values)

    def completed(self, draft: Draft) -> Draft:
        """A draft with what it does not state itself: what is said of it, else what its dateline or byline says."""
        changed: dict[str, Any] = {
            name: value
            for name in ("source", "title", "url", "language")
            if (value := getattr(self, name)) and not getattr(draft, name)
        }
        if self.published and (draft.published is None or draft.dated_by != "stated"):
            changed |= {"published": self.published, "dated_by": "given"}
        draft = replace(draft, **changed) if changed else draft
        if draft.published and draft.source:
            return draft
        date, how, source = dateline.said(draft.text, bare=draft.dated_lines)
        dated: dict[str, Any] = {"published": date, "dated_by": how} if date and not draft.published else {}
        return replace(draft, **dated, source=draft.source or source)


NOTHING = Stated()


def is_sidecar(name: str) -> bool:
    """Whether a file says something of the file beside it."""
    return name.lower().endswith(_SIDECARS)


def _loaded(sidecar: Path) -> dict[str, Any]:
    import yaml

    try:
        data = sidecar.read_bytes()
        if len(data) > _LARGEST:
            raise ReadError(str(sidecar), "larger than 1 MB")
        text = data.decode("utf-8-sig")
        found = json.loads(text) if sidecar.suffix == ".json" else yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506
    except (OSError, ValueError, RecursionError, yaml.YAMLError) as error:
        raise ReadError(str(sidecar), f"cannot be read: {error}") from None
    if not isinstance(found, dict):
        raise ReadError(str(sidecar), "must be fields with values: source, date, title, url, language")
    return found
