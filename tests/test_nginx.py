"""deploy/nginx.conf, run by nginx in front of a server, as docs/how-to/service.md describes."""

import gzip
import json
import os
import shutil
import socket
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.checkout import ROOT
from tests.environments import running_server

NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
pytestmark = pytest.mark.skipif(NGINX is None, reason="nginx is not installed")

CONFIGURATION = (ROOT / "deploy/nginx.conf").read_text("utf-8")
UPSTREAM = (ROOT / "deploy/upstream.conf").read_text("utf-8")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def is_older() -> bool:
    """Return whether nginx is older than 1.25.1, the first version with the directive http2."""
    said = subprocess.run([str(NGINX), "-v"], capture_output=True, text=True, check=True).stderr
    version = said.strip().rpartition("/")[2].split(" ")[0]
    return tuple(map(int, version.split("."))) < (1, 25, 1)


def write_configuration(folder: Path, backend: int, secure: int, path: str) -> Path:
    """Write the configuration with other ports and folders, and make a certificate."""
    make = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=127.0.0.1"
    options = f"-addext subjectAltName=IP:127.0.0.1 -keyout {folder}/privkey.pem"
    command = f"{make} {options} -out {folder}/fullchain.pem"
    subprocess.run(command.split(), check=True, capture_output=True)
    upstream = UPSTREAM.replace("127.0.0.1:8001", f"127.0.0.1:{backend}")
    (folder / "upstream.conf").write_text(
        upstream.replace("127.0.0.1:8002", f"127.0.0.1:{backend}")
    )
    site = CONFIGURATION.replace("/etc/nginx/deepsky/tls", str(folder))
    site = site.replace("/etc/nginx/deepsky", str(folder))
    site = site.replace("    listen [::]:80;\n", "").replace("    listen [::]:443 ssl;\n", "")
    site = site.replace("listen 80;", f"listen 127.0.0.1:{free_port()};")
    http2 = " http2" if is_older() else ""
    site = site.replace("listen 443 ssl;", f"listen 127.0.0.1:{secure} ssl{http2};")
    if is_older():
        site = site.replace("    http2 on;\n", "")
    if path:
        site = site.replace("location / {", f"location {path}/ {{")
        site = site.replace("location = /api/", f"location = {path}/api/")
    temporary = "".join(
        f"{kind}_temp_path {folder}/{kind};"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    file = folder / "nginx.conf"
    file.write_text(
        f"pid {folder}/pid; error_log {folder}/error.log; events {{}}\n"
        f"http {{ access_log off; {temporary} include mime.types;\n{site}\n}}\n"
    )
    shutil.copy("/etc/nginx/mime.types", folder)
    return file


@contextmanager
def running_site(folder: Path, path: str) -> Iterator[str]:
    """Run a server and nginx, and yield the URL of the page."""
    environment = os.environ | {
        "DEEPSKY_DATA": str(folder / "data"),
        "DEEPSKY_READERS": "1",
        "DEEPSKY_TRUSTED_PROXY": "127.0.0.1",
        "DEEPSKY_TRUSTED_HOSTS": "127.0.0.1",
        "DEEPSKY_ACCESS": "open",
        "DEEPSKY_ROOT_PATH": path,
    }
    code = "from deepsky.cli import app; app()"
    command = [sys.executable, "-c", code, "serve", "--port", "0"]
    with running_server(command, environment) as server, running_nginx(folder, server, path) as url:
        yield url


@contextmanager
def running_nginx(folder: Path, server: str, path: str) -> Iterator[str]:
    """Run nginx in front of a server, and yield the URL of the page."""
    secure = free_port()
    file = write_configuration(folder, int(server.rpartition(":")[2]), secure, path)
    with subprocess.Popen([str(NGINX), "-c", file, "-p", folder, "-g", "daemon off;"]) as nginx:
        try:
            while True:
                try:
                    socket.create_connection(("127.0.0.1", secure)).close()
                    break
                except ConnectionRefusedError:
                    assert nginx.poll() is None, (folder / "error.log").read_text()
                    time.sleep(0.05)
            yield f"https://127.0.0.1:{secure}{path}/"
        finally:
            nginx.terminate()


def trusting(folder: Path) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(folder / "fullchain.pem"))


def get(url: str, folder: Path) -> tuple[Any, bytes]:
    request = urllib.request.Request(url, headers={"Accept-Encoding": "gzip"})
    with urllib.request.urlopen(request, context=trusting(folder)) as response:
        content = response.read()
        is_packed = response.headers["Content-Encoding"] == "gzip"
        return response.headers, gzip.decompress(content) if is_packed else content


@pytest.mark.parametrize("path", ["", "/deepsky"], ids=["at-the-root", "under-a-path"])
def test_nginx_serves_the_page_and_the_api(
    path: str, tmp_path: Path, tiny_models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEEPSKY_MODELS", str(tiny_models))
    with running_site(tmp_path, path) as url:
        headers, page = get(url, tmp_path)
        assert b"<html" in page
        assert headers["Strict-Transport-Security"]

        headers, description = get(f"{url}api/v1/openapi.json", tmp_path)
        assert headers["Content-Encoding"] == "gzip"
        assert json.loads(description)["paths"]

        with pytest.raises(urllib.error.HTTPError, match="404"):
            get(f"{url}api/v1/metrics", tmp_path)

        context = trusting(tmp_path)
        context.set_alpn_protocols(["h2", "http/1.1"])
        port = int(url.split(":")[2].split("/")[0])
        with (
            socket.create_connection(("127.0.0.1", port)) as plain,
            context.wrap_socket(plain, server_hostname="127.0.0.1") as secured,
        ):
            assert secured.selected_alpn_protocol() == "h2"


def test_configuration_uses_http_2() -> None:
    assert "    http2 on;\n" in CONFIGURATION
