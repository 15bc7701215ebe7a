"""Route for the tiles of an image, for a viewer that zooms into the image."""

from functools import partial
from io import BytesIO
from typing import Final

from apiflask import APIBlueprint
from apiflask.schemas import FileSchema
from flask import Response, abort, send_file

from deepsky.imaging.tiles import Tile, find_level, render_tiles
from deepsky.server.classifications import find_own, missing_files_reported, private
from deepsky.server.clients import waiting_client
from deepsky.server.problems import problems
from deepsky.server.state import state
from deepsky.server.waiting_client import Client
from deepsky.storage.tables import Classification

__all__ = ["blueprint"]

blueprint = APIBlueprint("tiles", __name__, url_prefix="/api/v1/classifications/<id>/tiles")

JPEG: Final = FileSchema(type="string", format="binary")


@blueprint.get("/<int:level>/<int:column>_<int:row>.jpg")
@blueprint.output(JPEG, content_type="image/jpeg", description="JPEG")
@blueprint.doc(operation_id="getTile", responses=problems(401, 404, 413, 416, 422, 503))
def show(id: str, level: int, column: int, row: int) -> Response:  # noqa: A002
    """Get a tile of the image, with the stretch and the orientation applied.

    At the highest level, the image has its full size: the level is the base-2 logarithm of the
    image's longest side, rounded up. At each lower level, the image has half the width and height,
    rounded up. Tiles are 512 pixels wide and high, except at the right and lower edges, and do not
    overlap.
    """
    with state().storage.database.read() as session:
        classification, _ = find_own(session, id)
    tile, image = Tile(level, column, row), classification.image
    if not tile.exists(image.width, image.height):
        highest = find_level(image.width, image.height)
        abort(404, f"The image has no such tile. Its levels are 0 to {highest}.")
    with missing_files_reported(id):
        content = _get_tile(waiting_client(), classification, tile)
    stretch = classification.stretch or "auto"
    etag = f"{image.sha256}-{stretch}-{level}-{column}-{row}"
    return private(send_file(BytesIO(content), mimetype="image/jpeg", etag=etag))


def _get_tile(client: Client, classification: Classification, tile: Tile) -> bytes:
    """Return a tile; the first call renders all tiles of its block."""
    server, image = state(), classification.image
    stretch = classification.stretch or "auto"
    size = (image.width, image.height)
    work = partial(render_tiles, block=tile.block, size=size, stretch=stretch)
    storage = server.storage
    path = storage.images.tiles.path(image.sha256, stretch, tile.block)
    server.previews.render_once(
        client,
        path,
        lambda waiting: storage.tiles(
            image, path, lambda file: server.readers.read(waiting, file, work)
        ),
    )
    return storage.images.tiles.read(path, tile)
