"""A trained network -> its `.onnx` in int8, one scale a channel, as the coach runs it."""

import tempfile
import warnings
from pathlib import Path

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from turn_network import Exported, Network

INPUTS = ("ids", "segments", "turn")


def export(network: Network, to: Path) -> None:
    """Writes the quantised model; about 23 MB."""
    network.eval()
    ids, segments, turn = [101, 2449, 2204, 102], [0, 0, 0, 0], [0, 0, 1, 0]
    example = tuple(torch.tensor([row]) for row in (ids, segments, turn))
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        whole = Path(folder) / "whole.onnx"
        torch.onnx.export(
            Exported(network),
            example,
            str(whole),
            input_names=[*INPUTS],
            output_names=["logits", "shares"],
            dynamic_axes={
                **{name: {1: "tokens"} for name in INPUTS},
                "shares": {2: "tokens"},
            },
            opset_version=17,
            dynamo=False,
        )
        quantize_dynamic(whole, to, per_channel=True, weight_type=QuantType.QInt8)
