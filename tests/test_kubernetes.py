"""deploy/kubernetes.yaml is consistent with itself, the image and the settings."""

import os
from typing import Any

import pytest
import yaml

from deepsky.server import Settings
from tests.checkout import ROOT
from tests.dockerfile import read_stages

OBJECTS: list[dict[str, Any]] = list(
    yaml.safe_load_all((ROOT / "deploy/kubernetes.yaml").read_text("utf-8"))
)
IMAGE = read_stages((ROOT / "Dockerfile").read_text("utf-8"))[-1]


def find(kind: str) -> dict[str, Any]:
    [found] = [each for each in OBJECTS if each["kind"] == kind]
    return found


POD = find("Deployment")["spec"]["template"]["spec"]
CONTAINERS = [*POD["initContainers"], *POD["containers"]]


def test_settings_exist(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith("DEEPSKY_"):
            monkeypatch.delenv(name)
    given = find("ConfigMap")["data"]
    for name, value in given.items():
        assert name.removeprefix("DEEPSKY_").lower() in Settings.model_fields, name
        monkeypatch.setenv(name, value)

    settings = Settings()

    assert settings.requires_keys
    assert settings.trusted_hosts == [find("Ingress")["spec"]["rules"][0]["host"]]


def test_containers_run_as_the_user_of_the_image_without_rights() -> None:
    user, group = map(int, IMAGE.arguments("USER")[-1].split(":"))
    rights = POD["securityContext"]
    assert (rights["runAsUser"], rights["runAsGroup"], rights["fsGroup"]) == (user, group, group)
    for container in CONTAINERS:
        assert container["securityContext"]["readOnlyRootFilesystem"] is True
        assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
        assert {"memory"} <= container["resources"]["limits"].keys()


def test_names_refer_to_existing_objects() -> None:
    names = {(each["kind"], each["metadata"]["name"]) for each in OBJECTS}
    [claim] = [
        v["persistentVolumeClaim"]["claimName"] for v in POD["volumes"] if "emptyDir" not in v
    ]
    assert ("PersistentVolumeClaim", claim) in names
    for container in CONTAINERS:
        assert ("ConfigMap", container["envFrom"][0]["configMapRef"]["name"]) in names
        assert {m["name"] for m in container["volumeMounts"]} == {v["name"] for v in POD["volumes"]}
        assert IMAGE.variables()["DEEPSKY_DATA"] in {
            m["mountPath"] for m in container["volumeMounts"]
        }
    labels = find("Deployment")["spec"]["template"]["metadata"]["labels"]
    assert find("Service")["spec"]["selector"] == labels
    [path] = find("Ingress")["spec"]["rules"][0]["http"]["paths"]
    assert ("Service", path["backend"]["service"]["name"]) in names


def test_probes_and_ports_are_those_of_the_image() -> None:
    [server] = POD["containers"]
    assert server["ports"] == [
        {"name": "http", "containerPort": int(IMAGE.variables()["DEEPSKY_PORT"])}
    ]
    for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
        assert server[probe]["httpGet"]["path"] == "/api/v1/health"
