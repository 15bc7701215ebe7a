"""Test that valid manifests are read and that invalid manifests raise errors."""

from pathlib import Path

import pytest

from deepsky.dataset.manifest import read_manifest
from deepsky.errors import DatasetError

HEAD = "path,label,second_label,group,phash,ambiguous\n"


def write(folder: Path, text: str) -> Path:
    (folder / "m1.jpg").write_bytes(b"any")
    path = folder / "manifest.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_rows_are_read_as_examples(tmp_path: Path) -> None:
    text = HEAD + "m1.jpg,nebula,star_cluster,M1,ff,1\nm1.jpg,galaxy,,,0,0\n"
    first, second = read_manifest(write(tmp_path, text))
    assert first.path == tmp_path / "m1.jpg"
    assert (first.label, first.second_label, first.group) == ("nebula", "star_cluster", "M1")
    assert (first.phash, first.ambiguous) == (255, True)
    assert (second.second_label, second.group, second.ambiguous) == (None, "", False)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (HEAD, "lists no images"),
        ("path,label\nm1.jpg,nebula\n", "lacks the columns group, phash"),
        (
            HEAD + "m1.jpg,a planet,,M1,ff,0\n",
            r"row 2: the label is 'a planet', but",
        ),
        (
            HEAD + "m1.jpg,nebula,,M1,ff,0\nm2.jpg,nebula,,M2,ff,0\n",
            r"row 3: the image .*m2\.jpg does not exist",
        ),
        (HEAD + "m1.jpg,nebula,,M1,pq,0\n", r"row 2: the phash 'pq'"),
        (HEAD + "m1.jpg,nebula\n", r"row 2: the phash '' is not a hexadecimal number"),
        (
            "path,label,group,phash,split\nm1.jpg,nebula,M1,ff,exam\n",
            r"row 2: the split is 'exam', but must be one of train, validation, source_validation",
        ),
    ],
)
def test_error_message_for_an_invalid_manifest_names_the_row(
    tmp_path: Path, text: str, words: str
) -> None:
    with pytest.raises(DatasetError, match=words):
        read_manifest(write(tmp_path, text))


def test_missing_manifest_is_reported(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match=r"none\.csv cannot be read: No such file"):
        read_manifest(tmp_path / "none.csv")


@pytest.mark.parametrize("content", [b"path,label\xff\n", b"\x00" * 8 + b"\n1\n"])
def test_file_that_is_not_csv_is_reported(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "manifest.csv"
    path.write_bytes(content)
    with pytest.raises(DatasetError, match=r"cannot be read|lacks the columns"):
        read_manifest(path)


def test_images_can_be_in_another_folder(tmp_path: Path) -> None:
    images = tmp_path / "images"
    images.mkdir()
    manifest = write(images, HEAD + "m1.jpg,nebula,,M1,ff,1\n").rename(tmp_path / "m.csv")
    (example,) = read_manifest(manifest, images)
    assert example.path == images / "m1.jpg"


def test_optional_columns_are_read(tmp_path: Path) -> None:
    head = "path,label,group,phash,kind,split,original_width,original_height\n"
    first, second = read_manifest(
        write(tmp_path, head + "m1.jpg,galaxy,,0,spiral,test,900,1200\nm1.jpg,other,,0,,test,,\n")
    )
    assert (first.kind, first.split, first.longest_side) == ("spiral", "test", 1200)
    assert (second.kind, second.longest_side) == ("", None)


def test_corrections_change_single_cells(tmp_path: Path) -> None:
    manifest = write(tmp_path, HEAD + "m1.jpg,nebula,,M1,ff,1\n")
    corrections = tmp_path / "corrections.csv"
    head = "path,column,old,new,reason\n"
    corrections.write_text(head + "m1.jpg,second_label,,star_cluster,both are visible\n", "utf-8")
    (example,) = read_manifest(manifest)
    assert (example.label, example.second_label) == ("nebula", "star_cluster")


@pytest.mark.parametrize("row", ["m2.jpg,label,nebula,galaxy,x", "m1.jpg,label,other,galaxy,x"])
def test_correction_that_does_not_match_the_manifest_is_reported(tmp_path: Path, row: str) -> None:
    manifest = write(tmp_path, HEAD + "m1.jpg,nebula,,M1,ff,1\n")
    corrections = tmp_path / "corrections.csv"
    corrections.write_text(f"path,column,old,new,reason\n{row}\n", "utf-8")
    with pytest.raises(DatasetError, match=r"corrections.csv, row 2: the manifest has no image"):
        read_manifest(manifest)


def test_corrections_file_without_required_columns_is_reported(tmp_path: Path) -> None:
    manifest = write(tmp_path, HEAD + "m1.jpg,nebula,,M1,ff,1\n")
    (tmp_path / "corrections.csv").write_text("path,column\nm1.jpg,label\n", "utf-8")
    with pytest.raises(DatasetError, match=r"corrections\.csv lacks the columns new, old"):
        read_manifest(manifest)
