"""Test that deepsky sends nothing over the network, in a network namespace that counts packets."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from tests.plain_image import plain_image
from tests.sky.drawn_field import draw_field, require_engine

COUNT = """
from pathlib import Path

NAMES = {"Ip": {"OutRequests", "OutNoRoutes"}, "Tcp": {"ActiveOpens"}, "Udp": {"OutDatagrams"}}

def count():
    lines = [line.split() for line in Path("/proc/net/snmp").read_text().splitlines()]
    pairs = [(head[0].rstrip(":"), name, value) for head, row in zip(lines[::2], lines[1::2])
             for name, value in zip(head, row)]
    sent = sum(int(value) for kind, name, value in pairs if name in NAMES.get(kind, ()))
    lines = [line.split() for line in Path("/proc/net/snmp6").read_text().splitlines()]
    return sent + sum(int(v) for n, v in lines if n in {"Ip6OutRequests", "Ip6OutNoRoutes"})
"""
CONNECT = """
import contextlib, socket
with contextlib.suppress(OSError), socket.socket() as s:
    s.connect(("192.0.2.1", 80))
assert count() == 1
"""
CLASSIFY = """
import sys
import deepsky
[record] = deepsky.classify_many(sys.argv[1], workers=1, solve=sys.argv[2])
print(record["object"] and record["object"]["name"], record["sky_error"])
assert deepsky.classify(sys.argv[1], solve=sys.argv[2]).object.name == record["object"]["name"]
assert count() == 0
"""

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has namespaces")


def run_without_network(script: str, *arguments: str) -> str:
    """Run a Python script in a network namespace of its own and return its output."""
    unshare = shutil.which("unshare")
    if unshare is None or subprocess.run([unshare, "-rn", "true"], check=False).returncode:
        pytest.skip("network namespaces are not permitted here")
    command = [unshare, "-rn", sys.executable, "-c", COUNT + script, *arguments]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def test_attempts_to_connect_are_counted() -> None:
    run_without_network(CONNECT)


@pytest.mark.usefixtures("tiny_classifier")
def test_classification_and_identification_use_no_network(tmp_path: Path) -> None:
    image = tmp_path / "M 31.png"
    plain_image("RGB", (80, 60), "red").save(image)

    assert run_without_network(CLASSIFY, str(image), "never") == "M 31 None\n"


@pytest.mark.usefixtures("tiny_classifier")
def test_plate_solving_uses_no_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    require_engine()
    monkeypatch.setenv("AN_API_KEY", "key")  # auto must not choose the online engine
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    pixels, _ = draw_field(84.0, -5.0, 6, 1200, 800)
    image = tmp_path / "image.png"
    Image.fromarray(pixels).save(image)

    name, _, reason = run_without_network(CLASSIFY, str(image), "auto").rpartition(" ")
    assert name.startswith(("M ", "NGC "))
    assert reason == "None\n"
