"""What a run depends on, as a head of comments in YAML on its TREC run file (ir_metadata, Breuer et al. 2022).

trec_eval does not read such a head: the file that has it stands beside the plain one, and is called as repro_eval calls it.
"""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ..errors import InputError

ANNOTATED = "articles.run_annotated"
_START, _END = "# ir_metadata.start", "# ir_metadata.end"


def head(about: dict[str, Any]) -> Iterator[str]:
    """The lines of the head. `about`: what run.json says of a run."""
    import yaml

    text = yaml.safe_dump(_components(about), sort_keys=False, allow_unicode=True, width=4096)
    return (line for line in (_START, *(f"# {line}" for line in text.splitlines()), _END))


def read(path: Path) -> dict[str, Any]:
    """The head of a run file as records; {} without one. Raises InputError for a file or a head that cannot be read."""
    import yaml

    lines: list[str] = []
    try:
        with path.open(encoding="utf-8") as file:
            if file.readline().rstrip("\n") != _START:
                return {}
            for line in file:
                if line.rstrip("\n") == _END:
                    found = yaml.safe_load("\n".join(lines))
                    if not isinstance(found, dict):
                        break
                    return found
                lines.append(line.rstrip("\n").removeprefix("#").removeprefix(" "))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise InputError(f"{path}: cannot be read: {getattr(error, 'strerror', None) or error}") from None
    raise InputError(f"{path}: the head of ir_metadata has no end, or is no YAML")


def _components(about: dict[str, Any]) -> dict[str, Any]:
    """The six components of ir_metadata: platform, research goal, implementation, method, actor, data."""
    settings, index, questions = about["settings"], about["index"], about["set"]
    ranking = {
        "name": "BM25 of articles, passages and sentences with dense",
        "weights": settings["weights"],
        "depth": settings["depth"],
    }
    libraries = [{name: version} for name, version in about["versions"].items() if name != "python"]
    return {
        "tag": "pullquote",
        "actor": {"mode": "automatic"},
        "research goal": {"evaluation": {"reported measures": [item["measure"] for item in about["measures"]]}},
        "platform": {
            "hardware": {"cpu": {"architecture": platform.machine(), "number of cores": os.cpu_count()}},
            "operating system": {"kernel": platform.release(), "platform": platform.system()},
            "software": {"libraries": {"python": [{"python": about["versions"]["python"]}, *libraries]}},
        },
        "implementation": {"source": {"lang": "python", "package": "pullquote", "version": about["versions"]["pullquote"]}},
        "method": {
            "automatic": True,
            "score ties": "reverse alphabetical order",
            "indexing": {"analyzer": index["analyzer"], "encoder": index["encoder"], "digest": index["digest"]},
            "retrieval": [ranking],
            "answers": {"quotes": settings["quotes"], "reader": settings["reader"], "models": about["models"]},
        },
        "data": {
            "test collection": {"name": questions["name"], "sha256": questions["sha256"], "topics": questions["questions"]},
            "corpus": index["counts"],
        },
    }
