"""Tests of the online engine, with recorded replies from a server on this machine."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs

import pytest
from astropy.io import fits

from deepsky.errors import SolverError
from deepsky.sky.reduction import ReducedImage
from deepsky.sky.solvers import SOLVERS, Limits, PositionFinder, SearchHints, choose_solver, nova
from deepsky.sky.solvers.nova import Nova
from deepsky.sky.solvers.solver import Unsolved

pytest.importorskip("sep", reason="sep is not installed")

WCS_FILE = fits.Header(
    {
        "SIMPLE": True,
        "BITPIX": 8,
        "NAXIS": 0,
        "WCSAXES": 2,
        "CTYPE1": "RA---TAN",
        "CTYPE2": "DEC--TAN",
        "EQUINOX": 2000.0,
        "LONPOLE": 180.0,
        "LATPOLE": 0.0,
        "CRVAL1": 10.0,
        "CRVAL2": 40.0,
        "CRPIX1": 800.5,
        "CRPIX2": 425.5,
        "CUNIT1": "deg",
        "CUNIT2": "deg",
        "CD1_1": -1e-3,
        "CD1_2": 0.0,
        "CD2_1": 0.0,
        "CD2_2": -1e-3,
        "IMAGEW": 1600,
        "IMAGEH": 850,
    }.items()
).tostring()
REPLIES: dict[str, list[Any]] = {
    "/api/login": [{"status": "success", "message": "authenticated user: ", "session": "s3ss10n"}],
    "/api/upload": [{"status": "success", "subid": 16714, "hash": "6024b45a16bfb5af7a73735cb"}],
    "/api/submissions/16714": [
        {"processing_started": "None", "job_calibrations": [], "jobs": [], "user_images": []},
        {"processing_started": "2026-11-22", "job_calibrations": [], "jobs": [None]},
        {"processing_started": "2026-11-22", "job_calibrations": [], "jobs": [14078]},
    ],
    "/api/jobs/14078": [{"status": "solving"}, {"status": "success"}],
    "/wcs_file/14078": [WCS_FILE],
}


class Server:
    """A server that gives each of its replies once, and the last one for each path again."""

    def __init__(self) -> None:
        self.replies = {path: list(replies) for path, replies in REPLIES.items()}
        self.requests: list[tuple[str, dict[str, Any]]] = []

    def reply(self, path: str, form: bytes) -> bytes:
        values = parse_qs(form.decode())
        assert set(values) <= {"request-json"}
        self.requests.append((path, json.loads(values["request-json"][0]) if values else {}))
        replies = self.replies[path]
        found = replies.pop(0) if len(replies) > 1 else replies[0]
        return found.encode() if isinstance(found, str) else json.dumps(found).encode()


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    recorded = Server()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.do_POST()

        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            content = recorded.reply(self.path, self.rfile.read(length))
            self.send_response(200)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        thread = Thread(target=running.serve_forever, args=(0.01,))
        thread.start()
        monkeypatch.setattr(nova, "_URL", f"http://127.0.0.1:{running.server_port}")
        monkeypatch.setattr(nova, "_POLL_SECONDS", 0.01)
        monkeypatch.setenv("AN_API_KEY", "k3y")
        monkeypatch.setenv("no_proxy", "127.0.0.1")
        yield recorded
        running.shutdown()
        thread.join()


def test_place_is_found_and_only_star_positions_are_sent(
    server: Server, star_image: ReducedImage
) -> None:
    position = PositionFinder(Nova()).find(star_image).position

    assert position is not None
    assert (position.ra, position.dec, position.source) == pytest.approx((10, 40, "nova"))
    assert position.pixel_scale == pytest.approx(1.8)  # half of 3.6 arcseconds
    (_, login), (_, upload), *_ = server.requests
    assert login == {"apikey": "k3y"}
    assert len(upload.pop("x")) == len(upload.pop("y")) == 60
    assert upload == {
        "session": "s3ss10n",
        "publicly_visible": "n",
        "allow_modifications": "n",
        "allow_commercial_use": "n",
        "image_width": 1600,
        "image_height": 850,
        "crpix_center": True,
        "tweak_order": 2,
    }
    assert {path for path, _ in server.requests} == set(REPLIES)


def test_hints_are_sent_for_the_reduced_image(server: Server, star_image: ReducedImage) -> None:
    hints = SearchHints(ra=10.5, dec=39, radius=5, min_scale=1.5, max_scale=2.5)
    Nova().solve(star_image, hints, Limits())

    upload = server.requests[1][1]
    names = ("center_ra", "center_dec", "radius", "scale_lower", "scale_upper", "scale_units")
    assert [upload[name] for name in names] == [10.5, 39, 5, 3, 5, "arcsecperpix"]


def test_unknown_key_is_an_error(server: Server, star_image: ReducedImage) -> None:
    server.replies["/api/login"] = [{"status": "error", "errormessage": "bad apikey"}]

    with pytest.raises(SolverError, match="AN_API_KEY") as caught:
        Nova().solve(star_image, SearchHints(), Limits())
    assert "k3y" not in str(caught.value)


@pytest.mark.parametrize(
    ("path", "reply", "reason"),
    [
        ("/api/jobs/14078", {"status": "failure"}, "no match"),
        ("/api/upload", {"status": "error", "errormessage": "no session"}, "engine failed"),
        ("/api/submissions/16714", "<html>Bad Gateway</html>", "engine failed"),
        ("/wcs_file/14078", "no WCS here", "engine failed"),
    ],
)
def test_reason_of_failure_is_told(
    server: Server, star_image: ReducedImage, path: str, reply: object, reason: str
) -> None:
    server.replies[path] = [reply]

    assert Nova().solve(star_image, SearchHints(), Limits()) == Unsolved(reason)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("limits", "reason"),
    [
        (Limits(seconds=0.05), "time limit"),
        (Limits(cancelled=lambda: True), "cancelled"),
    ],
)
def test_search_that_does_not_end_is_abandoned(
    server: Server, star_image: ReducedImage, limits: Limits, reason: str
) -> None:
    server.replies["/api/jobs/14078"] = [{"status": "solving"}]

    assert Nova().solve(star_image, SearchHints(), limits) == Unsolved(reason)  # type: ignore[arg-type]


def test_unreachable_server_is_a_failure(
    star_image: ReducedImage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nova, "_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AN_API_KEY", "k3y")

    assert Nova().solve(star_image, SearchHints(), Limits()) == Unsolved("engine failed")


def test_online_engine_is_used_only_if_it_is_chosen_by_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AN_API_KEY", "k3y")
    for name in set(SOLVERS) - {"nova"}:
        monkeypatch.setattr(type(SOLVERS[name]), "is_available", lambda _: False)

    assert choose_solver("nova") is SOLVERS["nova"]
    with pytest.raises(SolverError, match="sudo apt install"):
        choose_solver("auto")
    monkeypatch.delenv("AN_API_KEY")
    with pytest.raises(SolverError, match="AN_API_KEY"):
        choose_solver("nova")
