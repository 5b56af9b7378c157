"""A sentence-transformers model brought into ONNX by torch's own exporter: seconds, and torch."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from .onnx_cache import MODEL, TOKENIZER

if TYPE_CHECKING:
    from .sentence_transformer import SentenceTransformerEncoder


def export(encoder: SentenceTransformerEncoder, place: Path, texts: Sequence[str]) -> None:
    """Write MODEL and TOKENIZER. `texts`: two that the graph is traced with. Raises whatever the model makes the exporter raise."""
    import torch

    model = encoder.model

    class Whole(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
            found = self.model({"input_ids": input_ids, "attention_mask": attention_mask})["sentence_embedding"]
            return torch.nn.functional.normalize(found.float(), p=2.0, dim=-1)

    model.eval()
    device = model.device
    logging.getLogger("torch.onnx").setLevel(logging.ERROR)
    try:
        model.cpu()
        model.tokenizer.backend_tokenizer.save(str(place / TOKENIZER))
        ids = model.tokenizer(list(texts), padding=True, return_tensors="pt")
        sizes = {0: torch.export.Dim("sentences"), 1: torch.export.Dim("tokens", max=encoder.max_tokens)}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            torch.onnx.export(
                Whole(),
                (ids["input_ids"], ids["attention_mask"]),
                place / MODEL,
                input_names=["input_ids", "attention_mask"],
                output_names=["vectors"],
                dynamic_shapes=(sizes, sizes),
                dynamo=True,
                external_data=True,
                verbose=False,
            )
    finally:
        model.to(device)
