"""What pullquote raises: one small tree, each error one clear line (what, where, what to do).

PullquoteError
|-- InputError            what was given cannot be used: exit code 2
|   |-- ReadError         a file or record that cannot be read as an article
|   |-- QuestionError     an empty or endless question
|   |-- ArticleMissing    no article of that id in the index; also a KeyError
|   |-- TemplateError     a template that does not compile or render
|   `-- EncoderError      no such encoder here, or not the one that made the index
|-- IndexUnusable         the index cannot be used: exit code 3
|   |-- IndexMissing      there is none
|   |-- IndexLocked       another process is writing
|   |-- IndexNoAccess     it may not be read or written, or the disk is full
|   `-- IndexDamaged      a file is missing, cut, altered or of an unknown format
`-- QuoteError            a quote that is not in its article: never shown, always an error
"""

from __future__ import annotations


class PullquoteError(Exception):
    """The root: catch this to catch everything pullquote raises on purpose."""


class InputError(PullquoteError):
    """What was given cannot be used."""


class ReadError(InputError):
    """A file or record that cannot be read as an article; `where` is a path, with a line number where one is known."""

    def __init__(self, where: str, what: str) -> None:
        self.where = where
        self.what = " ".join(what.split())  # a library's message may have several lines
        super().__init__(f"{where}: {self.what}")

    def __reduce__(self) -> tuple[type[ReadError], tuple[str, str]]:
        """As it is sent from one process to another."""
        return type(self), (self.where, self.what)


class QuestionError(InputError):
    """An empty or endless question."""


class ArticleMissing(InputError, KeyError):
    """No article of that id in the index."""

    __str__ = Exception.__str__  # a KeyError's message is put in quotation marks


class TemplateError(InputError):
    """A template that does not compile or render; the message names the line."""


class EncoderError(InputError):
    """No such encoder on this machine, or not the one that made the index."""


class IndexUnusable(PullquoteError):
    """The index cannot be used."""


class IndexMissing(IndexUnusable):
    """There is no index in that folder."""


class IndexLocked(IndexUnusable):
    """Another process is writing to the index."""


class IndexNoAccess(IndexUnusable):
    """The index may not be read or written, or the disk is full."""


class IndexDamaged(IndexUnusable):
    """A file of the index is missing, cut, altered or of an unknown format; `remedy` says what mends it, "" if unknown."""

    def __init__(self, what: str, remedy: str = "") -> None:
        super().__init__(f"{what}: {remedy}" if remedy else what)
        self.what, self.remedy = what, remedy


class QuoteError(PullquoteError):
    """A quote that is not in its article at the offsets given."""
