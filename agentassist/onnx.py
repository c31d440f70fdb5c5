"""ONNX Runtime as this program may use it: without its telemetry.

Its builds send word of themselves and of the models to their maker some seconds after they are
loaded, unless the environment says no before that (Privacy.md in its wheel); nothing leaves here.
"""

import os
from typing import Any


def without_telemetry() -> None:
    """For whatever brings an ONNX Runtime of its own; to be called before that is loaded."""
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"


def runtime() -> Any:
    """The library, loaded when it is first asked for. Raises ImportError where there is none."""
    without_telemetry()
    import onnxruntime

    return onnxruntime
