"""docs/how-to/service.md, Dockerfile, compose.yaml and deploy/ are consistent with the code."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import typer
import yaml
from werkzeug.serving import BaseWSGIServer, make_server

from deepsky.cli import app as cli
from deepsky.server import Settings, create_app
from deepsky.server.admission import Admission
from deepsky.server.app import FORM_OVERHEAD
from deepsky.server.http.descriptors import FILES_PER_CONNECTION, OTHER_FILES
from deepsky.server.http.server import DRAIN_SECONDS
from deepsky.server.metrics import Metrics
from deepsky.server.problems import STATUSES, Problem
from tests.dockerfile import read_stages

ROOT = Path(__file__).parent.parent
DEPLOY = ROOT / "deploy"
SERVICE = (ROOT / "docs" / "how-to" / "service.md").read_text("utf-8")
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")
FINAL = read_stages(DOCKERFILE)[-1]
NGINX = (DEPLOY / "nginx.conf").read_text("utf-8")
UNIT = (DEPLOY / "deepsky@.service").read_text("utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))

SOURCES = [
    ROOT / "docs" / "how-to" / "service.md",
    ROOT / "compose.yaml",
    ROOT / "Dockerfile",
    *sorted(DEPLOY.iterdir()),
]
NOT_SETTINGS = {"DEEPSKY_MODELS", "DEEPSKY_CHROMIUM"}
UNITS = {"": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30}


def directive(name: str) -> list[str]:
    return re.findall(rf"^\s*{name}\s+(.*?);", NGINX, re.MULTILINE)


def seconds(text: str) -> int:
    match = re.fullmatch(r"(\d+)s?", text)
    assert match
    return int(match[1])


def commands() -> set[tuple[str, ...]]:
    """Return the words before the first option of each deepsky command in the page."""
    code = re.findall(r"^```sh\n(.*?)^```|`([^`\n]+)`", SERVICE, re.MULTILINE | re.DOTALL)
    lines = [line for block in code for part in block for line in re.split(r"\n|;|&&", part)]
    docker = r"docker compose run --rm |docker run .* (?=deepsky (?:serve|db|keys))"
    found = (re.match(rf"\s*(?:{docker})?deepsky ([a-z].*)", line) for line in lines)
    return {tuple(re.split(r" +(?:--|#)", m[1])[0].split()) for m in found if m}


def test_every_mentioned_setting_exists() -> None:
    settings = {f"DEEPSKY_{name.upper()}" for name in Settings.model_fields}
    for source in SOURCES:
        if source.is_file():
            named = set(re.findall(r"\bDEEPSKY_[A-Z_]+", source.read_text("utf-8")))
            assert named <= settings | NOT_SETTINGS, source


def test_documented_settings_are_accepted(monkeypatch: pytest.MonkeyPatch) -> None:
    (block,) = (b for b in re.findall(r"```sh\n(.*?)```", SERVICE, re.DOTALL) if "_PROXY=" in b)
    for name, value in re.findall(r"^(\w+)=(.*)$", block, re.MULTILINE):
        monkeypatch.setenv(name, value.strip("'"))
    settings = Settings()
    assert settings.requires_keys
    assert settings.hosts is not None
    assert {"sky.example.org", "127.0.0.1"} <= settings.hosts


def test_every_documented_command_exists() -> None:
    root = typer.main.get_command(cli)
    assert ("serve",) in commands()
    for words in commands():
        command: Any = root
        for word in words:
            if not hasattr(command, "commands"):
                break  # the remaining words are arguments, not subcommands
            assert word in command.commands, " ".join(words)
            command = command.commands[word]


def test_every_documented_metric_exists() -> None:
    metrics = Metrics(Admission(1))
    metrics.count_request("GET", "/", 200, 0.1)
    metrics.count_classification("efficientnet", "e" * 64, "galaxy", "confident")
    with metrics.stage("read"):
        pass
    families = list(metrics.registry.collect())
    names = {f.name for f in families} | {s.name for f in families for s in f.samples}
    named = set(re.findall(r"\bdeepsky_[a-z_]+\b", SERVICE))
    assert len(named) >= 8
    assert named <= names


def test_nginx_accepts_requests_of_the_maximum_size() -> None:
    (size,) = directive("client_max_body_size")
    match = re.fullmatch(r"(\d+)([kmg]?)", size)
    assert match
    assert int(match[1]) * UNITS[match[2]] >= Settings().max_bytes + FORM_OVERHEAD


def test_nginx_never_retries_a_post() -> None:
    assert directive("proxy_next_upstream") == ["error timeout"]
    assert directive("proxy_request_buffering") == ["on"]


def test_nginx_timeout_exceeds_the_time_limit_for_reading() -> None:
    (wait,) = directive("proxy_read_timeout")
    assert seconds(wait) > Settings().read_seconds


def test_nginx_reports_too_large_requests_in_the_format_of_the_api() -> None:
    (body,) = re.findall(r"return 413 '(.*)';", NGINX)
    problem = json.loads(body)
    assert list(problem) == list(Problem.model_fields)
    assert problem["status"] == 413
    assert STATUSES[problem["code"]] == 413


def test_nginx_sets_all_headers_that_the_server_trusts() -> None:
    passed = {line.split()[0] for line in directive("proxy_set_header")}
    trusted = {"For", "Host", "Proto", "Prefix"}
    assert {"Host", *(f"X-Forwarded-{name}" for name in trusted)} <= passed


def test_service_managers_wait_for_current_requests() -> None:
    assert seconds(COMPOSE["services"]["deepsky"]["stop_grace_period"]) > DRAIN_SECONDS
    (stop,) = re.findall(r"^TimeoutStopSec=(.*)$", UNIT, re.MULTILINE)
    assert seconds(stop) > DRAIN_SECONDS
    # With KillMode=control-group, systemd would stop the reader processes too early.
    assert "\nKillMode=mixed\n" in UNIT


def test_limits_on_open_files_allow_all_connections() -> None:
    needed = FILES_PER_CONNECTION * Settings().connections + OTHER_FILES
    (limit,) = re.findall(r"^LimitNOFILE=(\d+)$", UNIT, re.MULTILINE)
    assert int(limit) >= needed
    assert COMPOSE["services"]["deepsky"]["ulimits"]["nofile"] >= needed


def test_nginx_closes_slow_connections() -> None:
    settings = Settings()
    assert [seconds(text) for text in directive("client_header_timeout")] == [settings.head_seconds]
    for name in ("client_body_timeout", "send_timeout"):
        assert [seconds(text) for text in directive(name)] == [settings.stall_seconds]


def test_compose_starts_services_in_order_with_restricted_rights() -> None:
    services = COMPOSE["services"]
    waits = {
        (name, other): how["condition"]
        for name, service in services.items()
        for other, how in service.get("depends_on", {}).items()
    }
    assert waits == {
        ("migrate", "database"): "service_healthy",
        ("deepsky", "migrate"): "service_completed_successfully",
        ("nginx", "deepsky"): "service_healthy",
    }
    for service in services.values():
        assert service["read_only"]
        assert service["cap_drop"] == ["ALL"]
    assert [name for name, service in services.items() if "ports" in service] == ["nginx"]


def test_files_mounted_by_compose_exist() -> None:
    mounts = [m for s in COMPOSE["services"].values() for m in s["volumes"]]
    files = {m.split(":")[0] for m in mounts if m.startswith("./")} - {"./deploy/tls"}
    assert len(files) == 2
    assert all((ROOT / file).is_file() for file in files)


@pytest.fixture
def server(
    tmp_path: Path, tiny_models: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[BaseWSGIServer]:
    """A server that trusts the host names in docs/how-to/service.md."""
    monkeypatch.setenv("DEEPSKY_MODELS", str(tiny_models))
    hosts = ["sky.example.org", "127.0.0.1"]
    app = create_app(Settings(data=tmp_path, readers=1, trusted_hosts=hosts))
    made = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=made.serve_forever)
    thread.start()
    yield made
    made.shutdown()
    thread.join()
    made.server_close()
    app.extensions["deepsky"].close()


def test_container_is_healthy_once_model_is_loaded(
    server: BaseWSGIServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    (command,) = re.findall(r"^HEALTHCHECK .*\\\n\s+CMD (\[.*\])$", DOCKERFILE, re.MULTILINE)
    program, *arguments = json.loads(command)
    assert program == "python"

    def is_healthy() -> bool:
        return subprocess.run([sys.executable, *arguments]).returncode == 0

    monkeypatch.setenv("DEEPSKY_PORT", str(server.port))
    assert not is_healthy()
    server.app.extensions["deepsky"].models.get()  # type: ignore[attr-defined]
    assert is_healthy()


def test_image_installs_the_documented_solver_only_on_request() -> None:
    install = next(line for line in FINAL.arguments("RUN") if "apt-get install" in line)
    packages = set(re.findall(r"\bastrometry[\w.-]+", install))
    prefix, indexes, suffix = re.search(  # type: ignore[union-attr]
        r"(astrometry-data-tycho2-)\{([\d,-]+)\}([\w-]+)",
        (ROOT / "docs/how-to/plate-solving.md").read_text("utf-8"),
    ).groups()
    documented = {f"{prefix}{index}{suffix}" for index in indexes.split(",")}

    assert packages == documented | {"astrometry.net"}
    assert install.startswith('if [ "$SOLVER" = 1 ]; then')
    assert "SOLVER=0" in FINAL.arguments("ARG")
    assert COMPOSE["services"]["deepsky"]["build"]["args"] == {"SOLVER": "${SOLVER:-0}"}
    assert COMPOSE["services"]["deepsky"]["environment"]["DEEPSKY_SOLVER"] == (
        "${DEEPSKY_SOLVER:-never}"
    )
