#!/usr/bin/env python3
"""Make qa/selection/reader.onnx, the reader in 8 bits, out of the weights that train_reader.py writes.

    python eval/fitting/reader_form.py reader.npz qa/selection/reader.onnx

torch's exporter makes the graph; matrices and the vocabulary are quantized as onnxruntime does it: signed 8 bits per channel, of which 7
are used, so that no sum of products overflows where a processor adds in 16 bits.
"""

from __future__ import annotations

import argparse
import tempfile
import warnings
from pathlib import Path

import numpy as np
import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from train_reader import Reader, weights


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("weights", type=Path, help="reader.npz")
    parser.add_argument("form", type=Path, help="reader.onnx")
    arguments = parser.parse_args()
    model = Reader()
    model.load_state_dict(weights(arguments.weights))
    model.eval()
    ids = torch.arange(1000, 1080).reshape(2, 40)
    sizes = {0: torch.export.Dim("texts"), 1: torch.export.Dim("tokens", max=512)}
    with tempfile.TemporaryDirectory() as folder:
        exported = Path(folder, "reader.onnx")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            torch.onnx.export(
                model,
                (ids, torch.ones_like(ids), torch.zeros_like(ids)),
                exported,
                input_names=["input_ids", "attention_mask", "token_type_ids"],
                output_names=["logits"],
                dynamic_shapes=(sizes, sizes, sizes),
                dynamo=True,
                external_data=False,
                verbose=False,
            )
        quantize_dynamic(
            exported,
            arguments.form,
            op_types_to_quantize=["MatMul", "Gather"],
            per_channel=True,
            reduce_range=True,
            weight_type=QuantType.QInt8,
        )
    made = onnx.load(arguments.form)
    graph = made.graph
    for noted in (made, graph, *graph.node, *graph.input, *graph.output, *graph.initializer, *graph.value_info):
        del noted.metadata_props[:]  # where on whose disk the exporter found each step
        noted.doc_string = ""
    arguments.form.write_bytes(made.SerializeToString())
    print(
        f"{arguments.form}: {arguments.form.stat().st_size / 1e6:.1f} MB of {sum(np.prod(p.shape) for p in model.parameters()) / 1e6:.1f} M weights"
    )


if __name__ == "__main__":
    main()
