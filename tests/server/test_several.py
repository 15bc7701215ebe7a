"""Tests for requests with several images or models, and for repeated requests."""

import json
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError
from werkzeug.test import TestResponse

from deepsky.errors import StorageError
from deepsky.models.member import Member
from deepsky.record import Record
from deepsky.storage import Storage

Client = FlaskClient
MakeClient = Callable[..., FlaskClient]
Upload = Callable[..., TestResponse]
MakeImage = Callable[..., bytes]

ROUTE = "/api/v1/classifications"


@pytest.fixture
def two_models(tiny_models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Install two models, and return their names."""
    for name in ("efficientnet", "vgg16"):
        shutil.copytree(tiny_models / "efficientnet", tmp_path / "two" / name)
        card = tmp_path / "two" / name / "card.json"
        card.write_text(
            card.read_text("utf-8").replace('"name": "efficientnet"', f'"name": "{name}"')
        )
    monkeypatch.setattr("deepsky.models.registry.SHIPPED", tmp_path / "two")
    monkeypatch.setenv("DEEPSKY_MODELS", "")
    return ["efficientnet", "vgg16"]


def send(client: Client, images: list[tuple[bytes, str]], **fields: Any) -> TestResponse:
    headers = fields.pop("headers", {})
    form = {"image": [(BytesIO(content), name) for content, name in images], **fields}
    return client.post(ROUTE, data=form, headers=headers)


def as_listed(classification: dict[str, Any]) -> dict[str, Any]:
    """Return a classification without the fields that lists omit."""
    omitted = {"objects", "sky", "sky_error", "error"}
    return {name: value for name, value in classification.items() if name not in omitted}


def test_bad_image_of_several_gets_an_error_item(client: Client, make_image: MakeImage) -> None:
    images = [
        (make_image((255, 0, 0)), "red.png"),
        (b"no image", "notes/bad.png"),
        (make_image((0, 0, 255)), "blue.png"),
    ]
    response = send(client, images)

    assert response.status_code == 201
    red, bad, blue = response.get_json()["items"]
    assert (red["path"], red["label"]) == ("red.png", "nebula")
    assert (blue["path"], blue["label"]) == ("blue.png", "star_cluster")
    assert list(bad) == list(Record.__annotations__)
    assert (bad["path"], bad["label"]) == ("bad.png", None)
    assert bad["error"]["code"] == "unsupported_format"
    listed = client.get(ROUTE).get_json()["items"]
    assert listed == [as_listed(blue), as_listed(red)]


def test_all_models_classify_the_same_image(
    make_client: MakeClient, two_models: list[str], make_image: MakeImage
) -> None:
    client = make_client()
    items = send(client, [(make_image(), "a.png")], model="all").get_json()["items"]

    assert [item["model"] for item in items] == two_models
    assert len({item["id"] for item in items}) == 2
    assert len({item["image_sha256"] for item in items}) == 1
    assert [client.get(f"{ROUTE}/{item['id']}").get_json() for item in items] == items


def test_all_models_share_networks_and_agree_with_single_runs(
    make_client: MakeClient,
    two_models: list[str],
    make_image: MakeImage,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    write_ensemble(tmp_path / "two", two_models)
    client = make_client()
    image = make_image((230, 120, 60))
    alone = [
        send(client, [(image, "a.png")], model=name).get_json()
        for name in ("efficientnet", "ensemble", "vgg16")
    ]
    loaded = count_calls(monkeypatch, Member, "__init__")
    ran = count_calls(monkeypatch, Member, "score")
    fresh = make_client()

    together = send(fresh, [(image, "a.png")], model="all").get_json()["items"]

    own = ("id", "created_at", "elapsed_ms")
    assert [{k: v for k, v in one.items() if k not in own} for one in together] == [
        {k: v for k, v in one.items() if k not in own} for one in alone
    ]
    assert (len(loaded), len(ran)) == (2, 2)
    times = [one["elapsed_ms"]["infer"] for one in together]
    assert times[1] >= max(times[0], times[2])


def write_ensemble(folder: Path, names: list[str]) -> None:
    """Create an ensemble of the named models in the folder that contains these models."""
    card = json.loads((folder / names[0] / "card.json").read_text("utf-8"))
    sha256 = card["network"]["sha256"]
    card |= {
        "name": "ensemble",
        "members": [{"name": name, "sha256": sha256, "scale": 0.5} for name in names],
        "novelty": {"threshold": 0.97},
    }
    (folder / "ensemble").mkdir()
    (folder / "ensemble" / "card.json").write_text(json.dumps(card), "utf-8")


def count_calls(monkeypatch: pytest.MonkeyPatch, owner: type, name: str) -> list[object]:
    """Patch a method so that each call appends its instance to a list; return the list."""
    calls: list[object] = []
    method = getattr(owner, name)

    def noted(self: object, *args: Any, **kwargs: Any) -> Any:
        calls.append(self)
        return method(self, *args, **kwargs)

    monkeypatch.setattr(owner, name, noted)
    return calls


def test_two_model_names_are_refused(client: Client, make_image: MakeImage) -> None:
    response = send(client, [(make_image(), "a.png")], model=["efficientnet", "vgg16"])

    assert (response.status_code, response.get_json()["code"]) == (400, "invalid_request")


def test_too_many_images_are_refused(make_client: MakeClient, make_image: MakeImage) -> None:
    client = make_client(max_images=2)
    response = send(client, [(make_image(), "a.png")] * 3)

    assert (response.status_code, response.get_json()["code"]) == (400, "too_many_images")


def test_repeated_request_is_classified_once(client: Client, make_image: MakeImage) -> None:
    images = [(make_image(), "a.png")]
    first, again, other = (
        send(client, images, headers={"Idempotency-Key": key}) for key in ("k1", "k1", "k2")
    )

    assert [r.status_code for r in (first, again, other)] == [201] * 3
    assert again.get_json() == first.get_json()
    assert again.headers["Location"] == first.headers["Location"]
    assert other.get_json()["id"] != first.get_json()["id"]
    assert len(client.get(ROUTE).get_json()["items"]) == 2


def test_concurrent_repeated_requests_are_classified_once(
    client: Client, make_image: MakeImage
) -> None:
    image = make_image()
    first = send(client, [(image, "a.png")])
    headers = {"Idempotency-Key": "k", "Cookie": first.headers["Set-Cookie"].split(";")[0]}

    def repeat(_: int) -> TestResponse:
        browser = client.application.test_client(use_cookies=False)
        return send(browser, [(image, "a.png")], headers=headers)

    with ThreadPoolExecutor(8) as threads:
        responses = list(threads.map(repeat, range(8)))

    assert {r.status_code for r in responses} == {201}
    ids = {r.get_json()["id"] for r in responses}
    assert len(ids) == 1
    listed = {item["id"] for item in client.get(ROUTE).get_json()["items"]}
    assert listed == ids | {first.get_json()["id"]}


def test_repeated_request_classifies_missing_images_only(
    make_client: MakeClient, two_models: list[str], make_image: MakeImage
) -> None:
    client = make_client()
    images = [(make_image((255, 0, 0)), "red.png"), (make_image(), "yellow.png")]
    key = {"Idempotency-Key": "k"}
    begun = send(client, images[:1], model=two_models[1], headers=key).get_json()

    items = send(client, images, model="all", headers=key).get_json()["items"]

    assert items[1] == begun
    assert len(client.get(ROUTE).get_json()["items"]) == len(items) == 4


def test_idempotency_key_belongs_to_one_request_of_one_client(
    client: Client, make_image: MakeImage
) -> None:
    key = {"Idempotency-Key": "k"}
    send(client, [(make_image(), "a.png")], headers=key)

    reused = send(client, [(make_image((255, 0, 0)), "b.png")], headers=key)
    assert (reused.status_code, reused.get_json()["code"]) == (422, "idempotency_key_reused")
    elsewhere = send(
        client.application.test_client(), [(make_image((255, 0, 0)), "b.png")], headers=key
    )
    assert elsewhere.status_code == 201


@pytest.mark.parametrize("key", ["", "x" * 65, "two words", "ü"])
def test_invalid_idempotency_key_is_refused(
    client: Client, make_image: MakeImage, key: str
) -> None:
    response = send(client, [(make_image(), "a.png")], headers={"Idempotency-Key": key})

    assert (response.status_code, response.get_json()["code"]) == (400, "invalid_request")


DATABASE_FAILS = OperationalError("INSERT", {}, Exception("disk I/O error"))


@pytest.mark.parametrize(
    ("failure", "status", "code"),
    [
        (DATABASE_FAILS, 503, "storage_unavailable"),
        (StorageError("Writing to the folder failed."), 503, "storage_unavailable"),
        (RuntimeError("a secret"), 500, "internal_server_error"),
    ],
)
def test_failure_of_one_image_leaves_the_others(
    client: Client,
    make_image: MakeImage,
    monkeypatch: pytest.MonkeyPatch,
    failure: Exception,
    status: int,
    code: str,
) -> None:
    save, fails_for = Storage.save, {2}

    def save_or_fail(self: Storage, *arguments: Any) -> None:
        saved.append(arguments)
        if len(saved) in fails_for:
            raise failure
        save(self, *arguments)

    saved: list[object] = []
    monkeypatch.setattr(Storage, "save", save_or_fail)
    colours = [(255, 0, 0), (0, 255, 0), (0, 0, 255)]
    images = [(make_image(colour), f"{k}.png") for k, colour in enumerate(colours)]
    response = send(client, images)

    assert response.status_code == 201
    red, failed, blue = response.get_json()["items"]
    assert (red["label"], blue["label"]) == ("nebula", "star_cluster")
    assert list(failed) == list(Record.__annotations__)
    assert (failed["path"], failed["label"], failed["error"]["code"]) == ("1.png", None, code)
    assert "secret" not in failed["error"]["message"]
    assert client.get(ROUTE).get_json()["items"] == [as_listed(blue), as_listed(red)]

    fails_for.update(range(20))  # now all images fail, so the response is an error
    response = send(client, images)
    assert (response.status_code, response.get_json()["code"]) == (status, code)


def test_models_with_the_same_name_in_their_cards_do_not_share_classifications(
    make_client: MakeClient,
    tiny_models: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    make_image: MakeImage,
) -> None:
    """A copy of a model's folder has another name, but the card is unchanged."""
    for name in ("efficientnet", "mine"):
        shutil.copytree(tiny_models / "efficientnet", tmp_path / "copies" / name)
    client = make_client()
    monkeypatch.setattr("deepsky.models.registry.SHIPPED", tmp_path / "copies")
    monkeypatch.setenv("DEEPSKY_MODELS", "")
    key = {"Idempotency-Key": "k"}
    images = [(make_image(), "a.png")]

    single = [
        send(client, images, model=name, headers=key).get_json()
        for name in ("efficientnet", "mine")
    ]
    both = send(client, images, model="all", headers=key).get_json()["items"]

    assert [item["model"] for item in single] == ["efficientnet", "mine"]
    assert single[0]["id"] != single[1]["id"]
    assert both == single
    assert [model["name"] for model in client.get("/api/v1/models").get_json()] == [
        "efficientnet",
        "mine",
    ]
