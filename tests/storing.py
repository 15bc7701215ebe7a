"""Test helpers that store classifications without running a model."""

import io
from datetime import UTC, datetime
from typing import Any

import numpy as np
from PIL import Image

from deepsky.storage import Incoming, Storage
from deepsky.storage.classifications import new_id, pack_evidence
from deepsky.storage.tables import Classification, StoredImage

__all__ = ["PREVIEW", "make_classification", "make_jpeg", "make_stored_image", "store"]


def make_jpeg(width: int = 64, height: int = 48) -> bytes:
    """Return a JPEG file that shows a gradient."""
    buffer = io.BytesIO()
    Image.radial_gradient("L").convert("RGB").resize((width, height)).save(buffer, "JPEG")
    return buffer.getvalue()


PREVIEW = make_jpeg()


def make_classification(client_id: int, sha256: str, **fields: Any) -> Classification:
    """Return a classification by the default model with the label galaxy and high confidence."""
    given = {
        "id": new_id(),
        "client_id": client_id,
        "image_sha256": sha256,
        "created_at": datetime.now(UTC),
        "path": "M51.fits",
        "label": "galaxy",
        "verdict": "confident",
        "confidence": 0.9,
        "probabilities": {"galaxy": 0.9, "nebula": 0.05, "star_cluster": 0.03, "other": 0.02},
        "prediction_set": ["galaxy"],
        "novelty": 0.1,
        "model": "efficientnet",
        "model_version": "1.0.0",
        "model_sha256": "e" * 64,
        "decode_ms": 1.5,
        "infer_ms": 2.5,
        "evidence": pack_evidence(np.zeros((4, 2, 2), np.float32)),
    }
    return Classification(**(given | fields))


def make_stored_image(incoming: Incoming) -> StoredImage:
    """Return the database row of an uploaded image."""
    return StoredImage(
        sha256=incoming.sha256,
        bytes=incoming.bytes,
        width=64,
        height=48,
        format="PNG",
        created_at=datetime.now(UTC),
    )


def store(
    storage: Storage, client_id: int, content: bytes = b"an image", **fields: Any
) -> Classification:
    """Store an image and a classification of it, as the server does."""
    with storage.images.receive(io.BytesIO(content)) as incoming:
        classification = make_classification(client_id, incoming.sha256, **fields)
        storage.save(incoming, make_stored_image(incoming), [classification])
    return classification
