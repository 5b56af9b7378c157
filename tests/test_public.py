"""The front of the package: what is public is there, typed, documented, and complete."""

from __future__ import annotations

import dataclasses
import inspect
import types
import typing
from collections.abc import Callable, Iterator
from typing import Any

import pytest

import pullquote


def calls() -> Iterator[tuple[str, Callable[..., Any]]]:
    """The public functions, the public methods and properties of public classes, and how a Writer is made."""
    for name in pullquote.__all__:
        value = getattr(pullquote, name)
        if inspect.isfunction(value):
            yield name, value
        elif inspect.isclass(value):
            for key, member in vars(value).items():
                found = member.fget if isinstance(member, property) else getattr(member, "__func__", member)
                made = name == "Writer" and key == "__init__"  # the others are records, or made by a call
                if inspect.isfunction(found) and (made or not key.startswith("_")):
                    yield f"{name}.{key}", found


def named(hint: Any) -> Iterator[type]:
    """The classes of pullquote in a type."""
    if isinstance(hint, type) and not isinstance(hint, types.GenericAlias) and hint.__module__.startswith("pullquote"):
        yield hint
    for part in typing.get_args(hint):
        yield from named(part)


def test_every_public_name_is_there_and_nothing_else_is_shown() -> None:
    assert all(getattr(pullquote, name) is not None for name in pullquote.__all__)
    assert set(pullquote._HOME) == set(pullquote.__all__)
    assert sorted(dir(pullquote)) == sorted([*pullquote.__all__, "__version__"])
    assert pullquote.__all__ == sorted(pullquote.__all__)


def test_a_name_that_is_not_there_is_an_error_to_people_and_to_type_checkers() -> None:
    with pytest.raises(AttributeError, match="module 'pullquote' has no attribute 'serach'"):
        pullquote.serach  # type: ignore[attr-defined]  # noqa: B018 - mypy reports an ignored error that is none


def test_every_type_that_a_public_call_takes_or_returns_is_public() -> None:
    public = {getattr(pullquote, name) for name in pullquote.__all__}
    missing = {}
    for name, call in calls():
        for part in typing.get_type_hints(call).values():
            missing.update({found.__name__: name for found in named(part) if found not in public})
    for name in pullquote.__all__:
        value = getattr(pullquote, name)
        if dataclasses.is_dataclass(value):
            for part in typing.get_type_hints(value).values():
                missing.update({found.__name__: name for found in named(part) if found not in public})
    assert missing == {}


def test_every_public_name_is_documented() -> None:
    bare = [name for name, call in calls() if not inspect.getdoc(call) and not name.endswith("__init__")]
    bare += [name for name in pullquote.__all__ if not inspect.getdoc(getattr(pullquote, name))]
    assert bare == []


def test_every_class_says_how_it_is_made() -> None:
    for name in pullquote.__all__:
        value = getattr(pullquote, name)
        if inspect.isclass(value) and not issubclass(value, Exception) and not dataclasses.is_dataclass(value):
            assert len((value.__doc__ or "") + (value.__init__.__doc__ or "")) > 60, name
