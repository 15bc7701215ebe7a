"""The export to ONNX frees the memory of copied graphs, and logs nothing."""

import gc

import pytest
from tensorflow.python.util import deprecation
from tf2onnx.graph import Graph

from deepsky.training.backbones import Backbone
from deepsky.training.export import export_onnx
from deepsky.training.network import attach_head


def test_copies_of_the_graph_are_freed_during_export(tiny_backbone: Backbone) -> None:
    network = attach_head(tiny_backbone.build(None))
    gc.collect()
    thresholds = gc.get_threshold()
    export_onnx(network)
    # Without frequent garbage collection, 23 copies of the graph would remain in memory.
    assert sum(isinstance(thing, Graph) for thing in gc.get_objects()) < 12
    assert gc.get_threshold() == thresholds
    assert gc.get_freeze_count() == 0


def test_export_logs_no_warnings_of_tensorflow(
    tiny_backbone: Backbone, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deprecation, "_PRINTED_WARNING", {})  # each warning is logged only once
    export_onnx(attach_head(tiny_backbone.build(None)))
    assert [record.message for record in caplog.records if record.name == "tensorflow"] == []
