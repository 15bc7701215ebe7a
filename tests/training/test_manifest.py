"""The manifest: what is wrong with it is said, with the row."""

from pathlib import Path

import pytest

from deepsky.errors import DatasetError
from deepsky.training.manifest import read_manifest

HEAD = "path,label,second_label,group,phash,ambiguous\n"


def write(folder: Path, text: str) -> Path:
    (folder / "m1.jpg").write_bytes(b"any")
    path = folder / "manifest.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_rows_become_examples(tmp_path: Path) -> None:
    text = HEAD + "m1.jpg,nebula,star_cluster,M1,ff,1\nm1.jpg,galaxy,,,0,0\n"
    first, second = read_manifest(write(tmp_path, text))
    assert first.path == tmp_path / "m1.jpg"
    assert (first.label, first.second_label, first.group) == ("nebula", "star_cluster", "M1")
    assert (first.phash, first.ambiguous) == (255, True)
    assert (second.second_label, second.group, second.ambiguous) == (None, "", False)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (HEAD, "lists no pictures"),
        ("path,label\nm1.jpg,nebula\n", "lacks the columns group, phash"),
        (HEAD + "m1.jpg,planet,,M1,ff,0\n", r"row 2: the label 'planet'"),
        (HEAD + "m1.jpg,nebula,,M1,ff,0\nm2.jpg,nebula,,M2,ff,0\n", r"row 3: there is no picture"),
        (HEAD + "m1.jpg,nebula,,M1,pq,0\n", r"row 2: the phash 'pq'"),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(DatasetError, match=words):
        read_manifest(write(tmp_path, text))


def test_a_missing_manifest_is_said(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="cannot be read"):
        read_manifest(tmp_path / "none.csv")
