"""Test that images are downloaded from repositories, found in packages, and checked."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import imagehash
import numpy as np
import pytest
from PIL import Image

from deepsky.dataset.image_files import check_images, fetch_images
from deepsky.dataset.manifest import Row

Published = Callable[..., list[Row]]


def image(seed: int) -> Image.Image:
    """Return an image of random blobs."""
    pixels = np.random.default_rng(seed).integers(0, 256, (6, 9, 3), dtype=np.uint8)
    return Image.fromarray(pixels).resize((900, 600), Image.Resampling.BICUBIC)


def row(name: str, source: str, source_path: str, seed: int) -> Row:
    phash = str(imagehash.phash(image(seed)))
    return {"path": name, "source": source, "source_path": source_path, "phash": phash}


@pytest.fixture
def published(tmp_path: Path) -> tuple[str, list[Row]]:
    """Return the URL template of a repository, and manifest rows for a commit in it.

    The next commit replaces the image with a different one.
    """
    repository = tmp_path / "hosted" / "someone" / "sky"
    (repository / "img").mkdir(parents=True)

    def git(*arguments: str) -> str:
        names = ("-c", "user.name=A", "-c", "user.email=a@example.org")
        command = ["git", "-C", str(repository), *names, *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()

    git("init", "--quiet")
    image(1).save(repository / "img" / "M [1].png")
    git("add", ".")
    git("commit", "--quiet", "-m", "first")
    commit = git("rev-parse", "--short=7", "HEAD")
    image(9).save(repository / "img" / "M [1].png")
    git("commit", "--quiet", "-am", "replaced")
    source = f"github:someone/sky@{commit}"
    rows = [
        row("a/one.jpg", source, "img/M [1].png", 1),
        row("a/none.jpg", source, "img/lost.png", 2),
    ]
    return (tmp_path / "hosted").as_uri() + "/{}", rows


def test_images_are_downloaded_from_the_commit_in_the_manifest(
    published: tuple[str, list[Row]], tmp_path: Path
) -> None:
    address, rows = published
    problems = list(fetch_images(rows, tmp_path / "images", github=address))
    assert [(p.path, "no file img/lost.png" in p.message) for p in problems] == [
        ("a/none.jpg", True)
    ]
    with Image.open(tmp_path / "images" / "a" / "one.jpg") as stored:
        assert (stored.format, stored.size) == ("JPEG", (512, 341))
    assert [p.path for p in check_images(rows, tmp_path / "images")] == ["a/none.jpg"]


def test_image_is_stored_in_the_size_and_format_in_the_manifest(
    published: tuple[str, list[Row]], tmp_path: Path
) -> None:
    address, [first, _] = published
    large = first | {"path": "large/one.avif", "width": "750", "height": "500"}
    assert not list(fetch_images([large], tmp_path / "images", github=address))
    with Image.open(tmp_path / "images" / "large" / "one.avif") as stored:
        assert (stored.format, stored.size) == ("AVIF", (750, 500))
    assert not list(check_images([large], tmp_path / "images"))


def test_existing_images_are_not_downloaded_again(
    published: tuple[str, list[Row]], tmp_path: Path
) -> None:
    address, rows = published
    list(fetch_images(rows[:1], tmp_path, github=address))
    assert list(fetch_images(rows[:1], tmp_path, github="file:///nowhere/{}")) == []


def test_images_in_packages_are_found_by_the_end_of_their_path(tmp_path: Path) -> None:
    unpacked = tmp_path / "packages" / "usr" / "share" / "sky" / "nebulae" / "m1.png"
    unpacked.parent.mkdir(parents=True)
    image(3).save(unpacked)
    rows = [row("m1.jpg", "debian:sky-data 1.0", "nebulae/m1.png", 3)]
    (problem,) = fetch_images(rows, tmp_path / "images")
    assert "--packages" in problem.message
    assert list(fetch_images(rows, tmp_path / "images", tmp_path / "packages")) == []
    assert list(check_images(rows, tmp_path / "images")) == []


def test_missing_repository_is_reported_for_each_image(tmp_path: Path) -> None:
    rows = [row(f"{k}.jpg", "github:a/b@abcdef0", "x.png", k) for k in (1, 2)]
    problems = list(fetch_images(rows, tmp_path, github=f"file://{tmp_path}/none/{{}}"))
    assert [p.path for p in problems] == ["1.jpg", "2.jpg"]
    assert all("Git cannot download the repository" in p.message for p in problems)


@pytest.mark.parametrize(
    ("name", "source", "source_path", "words"),
    [
        ("../x.jpg", "github:a/b@abcdef0", "x.png", "must be relative"),
        ("x.jpg", "github:a/b@abcdef0", "/etc/passwd", "must be relative"),
        ("x.jpg", "github:a/b@--upload-pack=x", "x.png", "@COMMIT"),
    ],
)
def test_unsafe_paths_and_commits_are_refused(
    tmp_path: Path, name: str, source: str, source_path: str, words: str
) -> None:
    (problem,) = fetch_images([row(name, source, source_path, 1)], tmp_path)
    assert words in problem.message


def test_image_with_a_different_hash_is_reported(tmp_path: Path) -> None:
    image(5).save(tmp_path / "x.jpg")
    (problem,) = check_images([row("x.jpg", "", "", 6)], tmp_path)
    assert "a different image" in problem.message


def test_damaged_image_is_reported(tmp_path: Path) -> None:
    (tmp_path / "x.jpg").write_bytes(b"no image")
    (problem,) = check_images([row("x.jpg", "", "", 6)], tmp_path)
    assert problem.path == "x.jpg"
