"""What became of what an importer read: nothing is left out in silence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

Fate = Literal["mended", "left out", "lost"]
_NAMED = 5  # ids in a line


@dataclass(slots=True)
class Account:
    """What was not taken as it stands, by its fate and why, with the ids in the order of the file.

    mended      taken, but not as the file says it
    left out    nothing was said of it that a set could hold
    lost        gold, or a question that has some: what is measured is no longer what the set says
    """

    found: dict[tuple[Fate, str], list[str]] = field(default_factory=dict)

    def mended(self, why: str, name: str) -> None:
        """Note what was put right."""
        self.found.setdefault(("mended", why), []).append(name)

    def left_out(self, why: str, name: str) -> None:
        """Note what was left out."""
        self.found.setdefault(("left out", why), []).append(name)

    def lost(self, why: str, name: str) -> None:
        """Note gold that was lost."""
        self.found.setdefault(("lost", why), []).append(name)

    @property
    def is_lossy(self) -> bool:
        """Whether gold was lost."""
        return any(fate == "lost" for fate, _ in self.found)

    def lines(self) -> Iterator[str]:
        """A line for each fate and why: how many, and the first ids."""
        for (fate, why), names in self.found.items():
            rest = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
            yield f"{fate}: {len(names)}, {why}: {', '.join(names[:_NAMED])}{rest}"
