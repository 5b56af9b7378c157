"""Which segments a commit merges: few segments to search, and little written twice.

Segments are merged, smallest first, while the next one is smaller than FACTOR times what is to be written, so each is at
least FACTOR times all smaller ones together: at most log(n) of them to the base FACTOR + 1, and an article is written anew
only when its segment grows by half or more. A segment of which a quarter was removed is written anew. No segment is larger
than LARGEST, unless a single article is.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..storage.manifest import SegmentMeta

FACTOR = 2
SMALL = 256  # sentences and articles: smaller segments are always merged
DEAD = 4  # one part in so many
LARGEST = 1 << 22  # sentences and articles of a segment


def merged(segments: Sequence[SegmentMeta], size: int, *, whole: bool = False) -> list[int]:
    """The numbers of the segments to merge with `size` new sentences and articles; `segments` as in the manifest."""
    if whole:
        total = sum(s.live.size for s in segments)
        merged_already = len(segments) <= (1 if total <= LARGEST else 1 - -total // LARGEST)  # articles do not fill them quite
        full = all(s.live == s.total for s in segments)
        return [] if size == 0 and full and merged_already else [s.number for s in segments]
    found = [s.number for s in segments if (s.total.size - s.live.size) * DEAD >= s.total.size]
    size += sum(s.live.size for s in segments if s.number in found)
    if not size and not found:
        return []
    for segment in sorted(segments, key=lambda s: (s.live.size, s.number)):
        live = segment.live.size
        if segment.number in found:
            continue
        if live >= max(FACTOR * size, SMALL) or (live + size > LARGEST and live >= SMALL):
            break
        found.append(segment.number)
        size += live
    return found
