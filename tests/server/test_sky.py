"""Plate solving on the server: results, limits, and clients that go away."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from deepsky.errors import SolverError
from deepsky.server import Settings, create_app
from deepsky.server.waiting_client import CLIENT_HAS_GONE
from deepsky.sky.solvers import SOLVERS, Limits
from tests.sky.fake_engine import HEIGHT, WIDTH, FakeEngine

MakeClient = Callable[..., FlaskClient]
Upload = Callable[..., TestResponse]
MakeImage = Callable[..., bytes]

RED = (255, 0, 0)


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> FakeEngine:
    """A fake engine that is installed as astap."""
    fake = FakeEngine()
    monkeypatch.setitem(SOLVERS, "astap", fake)
    return fake


@pytest.fixture
def solving(make_client: MakeClient, engine: FakeEngine) -> FlaskClient:  # noqa: ARG001
    """Return a client of a server that solves one image at a time."""
    return make_client(solver="astap", solver_processes=1)


@pytest.fixture
def location(solving: FlaskClient, upload: Upload, make_image: MakeImage) -> str:
    """URL of the classification of an image that the fake engine can place."""
    image = make_image(RED, (WIDTH, HEIGHT), "JPEG")
    return upload(solving, image, "image.jpg").headers["Location"]


def wait_until_cancelled(limits: Limits) -> None:
    while not limits.cancelled():
        time.sleep(0.01)


def test_image_is_solved_on_request_and_the_result_is_stored(
    solving: FlaskClient, location: str, engine: FakeEngine
) -> None:
    before = solving.get(location).get_json()
    solved = solving.post(f"{location}/sky")
    after = solving.get(location).get_json()

    assert (before["sky"], before["object"], before["agreement"]) == (None, None, "not placed")
    assert solved.status_code == 200
    found = solved.get_json()
    assert found == solving.get(f"{location}/sky").get_json()
    assert after == {**before, **found}
    assert (found["sky"]["source"], found["sky_error"]) == ("astap", None)
    assert (found["object"]["name"], found["object"]["found_by"]) == ("M 42", "position")
    assert found["agreement"] == "agrees"
    assert solving.post(f"{location}/sky").get_json() == found
    assert len(engine.searched) == 1
    assert engine.searched[0][2] == pytest.approx(30, abs=0.1)


def test_reason_is_stored_if_the_image_is_not_placed(
    solving: FlaskClient, upload: Upload, make_image: MakeImage, engine: FakeEngine
) -> None:
    location = upload(solving, make_image(RED)).headers["Location"]
    found = solving.post(f"{location}/sky").get_json()

    assert (found["sky"], found["sky_error"]) == (None, "too few stars")
    assert solving.get(location).get_json()["sky_error"] == "too few stars"
    solving.post(f"{location}/sky")
    assert len(engine.searched) == 2  # not known, so it is searched again


def test_name_of_the_file_is_a_hint(
    solving: FlaskClient, upload: Upload, make_image: MakeImage, engine: FakeEngine
) -> None:
    location = upload(solving, make_image(RED), "M 42.png").headers["Location"]
    solving.post(f"{location}/sky")

    assert engine.searched[0][1].ra == pytest.approx(83.8, abs=0.1)


def test_server_solves_nothing_by_default(
    client: FlaskClient, upload: Upload, make_image: MakeImage
) -> None:
    location = upload(client, make_image()).headers["Location"]
    refused = client.post(f"{location}/sky")

    assert (refused.status_code, refused.get_json()["code"]) == (501, "solver_unavailable")
    assert client.get("/api/v1/health").get_json()["solver"] is None


def test_health_names_the_solver(solving: FlaskClient) -> None:
    assert solving.get("/api/v1/health").get_json()["solver"] == "astap"


def test_images_of_other_clients_are_not_found(solving: FlaskClient, location: str) -> None:
    stranger = solving.application.test_client()

    assert stranger.post(f"{location}/sky").status_code == 404


def test_missing_engine_is_an_error_at_the_start(
    engine: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "is_available", lambda: False)
    with pytest.raises(SolverError, match="not installed"):
        create_app(Settings(solver="astap"))


def test_search_ends_when_the_client_goes(
    solving: FlaskClient, location: str, engine: FakeEngine
) -> None:
    engine.before = wait_until_cancelled
    gone = threading.Event()
    with ThreadPoolExecutor(1) as threads:
        request = threads.submit(
            solving.post, f"{location}/sky", environ_overrides={CLIENT_HAS_GONE: gone.is_set}
        )
        while not engine.searched:
            time.sleep(0.01)
        gone.set()
        response = request.result(30)

    assert (response.status_code, response.get_json()["code"]) == (503, "read_cancelled")
    assert solving.get(location).get_json()["sky_error"] is None
    engine.before = lambda _: None
    assert solving.post(f"{location}/sky").get_json()["sky"] is not None


def test_searches_are_limited_and_do_not_block_other_requests(
    solving: FlaskClient,
    location: str,
    upload: Upload,
    make_image: MakeImage,
    engine: FakeEngine,
) -> None:
    resume = threading.Event()
    alone = threading.Lock()
    overlaps: list[Limits] = []

    def wait(limits: Limits) -> None:
        if not alone.acquire(blocking=False):
            overlaps.append(limits)
            return
        resume.wait(60)
        alone.release()

    engine.before = wait
    cookie = solving.get_cookie("deepsky_session", path="/api/")
    assert cookie is not None

    def solve() -> TestResponse:
        own = solving.application.test_client()
        own.set_cookie("deepsky_session", cookie.value, path="/api/")
        return own.post(f"{location}/sky")

    admission = solving.application.extensions["deepsky"].solving._admission
    with ThreadPoolExecutor(4) as threads:
        waiting = [threads.submit(solve) for _ in range(4)]
        while admission.taken < 4 or not engine.searched:
            time.sleep(0.01)
        refused = solve()
        health = solving.get("/api/v1/health").get_json()
        classified = upload(solving, make_image())
        preview = solving.get(f"{location}/image", buffered=True)
        resume.set()
        statuses = [each.result(60).status_code for each in waiting]

    assert (refused.status_code, refused.get_json()["code"]) == (503, "overloaded")
    assert health["status"] == "ok"
    assert (classified.status_code, preview.status_code) == (201, 200)
    assert statuses == [200] * 4
    assert not overlaps
    assert admission.taken == 0


def test_classification_that_is_deleted_during_the_search_is_not_found(
    solving: FlaskClient, location: str, engine: FakeEngine
) -> None:
    other = solving.application.test_client()
    cookie = solving.get_cookie("deepsky_session", path="/api/")
    assert cookie is not None
    other.set_cookie("deepsky_session", cookie.value, path="/api/")
    engine.before = lambda _: other.delete(location)

    assert solving.post(f"{location}/sky").status_code == 404
    assert solving.post(f"{location}/sky").status_code == 404


def test_threads_must_suffice_for_solvers() -> None:
    with pytest.raises(ValueError, match="DEEPSKY_SOLVER_PROCESSES"):
        Settings(threads=23, queue=16, solver="auto", solver_processes=1)
    Settings(threads=24, queue=16, solver="auto", solver_processes=1)
    Settings(threads=20, queue=16, solver_processes=1)
