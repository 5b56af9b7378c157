"""Sentences and questions to unit vectors. The seam that tests swap: anything with the methods of `Encoder` will do."""

from __future__ import annotations

import logging

from .protocol import DEFAULT, Encoder, Fingerprint, Progress, check_encoder


def load(name: str = DEFAULT, preparing: Progress | None = None) -> Encoder:
    """The encoder of that name: the packaged default, a folder, or a model of the local Hugging Face cache.

    It runs in onnxruntime, in the form that is made of a model once, see `onnx_form`; a model that cannot be brought into it
    runs in sentence-transformers. `preparing` is called while the form of the packaged model is made, with (bytes written, bytes to
    write). Raises EncoderError where there is no such model on this machine: nothing is ever downloaded.
    """
    from . import model_files, onnx_cache, onnx_form
    from .onnx import OnnxEncoder

    model = model_files.find(name)
    found = OnnxEncoder.cached(model.name, model.digest, model.folder)
    if found is not None:
        return found
    log = logging.getLogger("pullquote")
    slow = "runs in sentence-transformers, which takes seconds to start"
    if model.name == DEFAULT:
        log.warning("preparing the encoder %s (once) ...", model.name)
        try:
            onnx_form.make_packaged(model, preparing)
            if (found := OnnxEncoder.cached(model.name, model.digest, model.folder)) is not None:
                return found
        except onnx_cache.ExportFailed as error:
            log.info("%s: the form that ships cannot be used: %s", model.name, error)
    from .sentence_transformer import SentenceTransformerEncoder

    if (said := onnx_cache.refused(model.digest)) is not None:
        log.warning("%s: %s: %s", model.name, slow, said)
        return SentenceTransformerEncoder(name)
    if model.name != DEFAULT:
        log.warning("preparing the encoder %s (once) ...", model.name)
    original = SentenceTransformerEncoder(name)
    try:
        onnx_form.make(original)
        found = OnnxEncoder.cached(model.name, model.digest, model.folder)
    except onnx_cache.ExportFailed as error:
        log.warning("%s: %s: %s", model.name, slow, error)
    return found or original


def load_made_by(made_by: Fingerprint, *, asking: bool = False, preparing: Progress | None = None) -> Encoder:
    """The encoder that an index was made by; `asking`: for questions; `preparing`: see `load`. Raises EncoderError where it is not
    on this machine, or is another one now.
    """
    from .onnx import OnnxEncoder

    found = OnnxEncoder.cached(made_by.name, made_by.sha256, asking=asking)
    encoder = load(made_by.name, preparing) if found is None else found
    check_encoder(encoder, made_by)
    return encoder
