from typing import Any

import pytest
from pydantic import ValidationError

from deepsky.imaging import Limits
from deepsky.server import Settings


def test_settings_are_read_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEEPSKY_MAX_BYTES", "1000")
    monkeypatch.setenv("DEEPSKY_MAX_PIXELS", "2000")
    monkeypatch.setenv("DEEPSKY_MAX_FRAMES", "3")

    assert Settings().limits == Limits(max_bytes=1000, max_pixels=2000, max_frames=3)


def test_arguments_take_precedence_over_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEEPSKY_PORT", "1234")

    assert Settings(port=4321).port == 4321


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "70000"),
        ("THREADS", "0"),
        ("PORT", "x"),
        ("RETENTION_DAYS", "1000000"),
        ("RATE_LIMIT_STORAGE", "async+memory://"),
    ],
)
def test_invalid_values_are_refused(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(f"DEEPSKY_{name}", value)

    with pytest.raises(ValidationError, match=name.lower()):
        Settings()


def test_empty_values_are_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DEEPSKY_DATA")
    default = Settings()
    for name in Settings.model_fields:
        monkeypatch.setenv(f"DEEPSKY_{name.upper()}", "")

    assert Settings() == default.model_copy(update={"rate_limit": ""})


@pytest.mark.parametrize(
    "value", ["Sky.example.org,stars.example", ' ["Sky.example.org", "stars.example"]']
)
def test_names_are_separated_by_commas_or_json(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("DEEPSKY_TRUSTED_HOSTS", value)

    assert Settings().trusted_hosts == ["Sky.example.org", "stars.example"]


@pytest.mark.parametrize(
    ("name", "value", "advice"),
    [
        ("TRUSTED_PROXY", "evil;x", "Use the IP address of the proxy"),
        ("TRUSTED_PROXY", "proxy.example.org", "Use the IP address of the proxy"),
        ("TRUSTED_PROXY", "127.0.0.1:80", "Use the IP address of the proxy"),
        ("TRUSTED_PROXY", "127.0.0.1, 127.0.0.2", "Use the IP address of the proxy"),
        ("TRUSTED_PROXY", "**", "Use the IP address of the proxy"),
        ("TRUSTED_HOSTS", "https://sky.example.org", "Use names without scheme"),
        ("TRUSTED_HOSTS", "sky.example.org:8000", "Use names without scheme"),
        ("TRUSTED_HOSTS", "sky.example.org/path", "Use names without scheme"),
        ("TRUSTED_HOSTS", "*", "Use names without scheme"),
        ("ROOT_PATH", "https://sky.example.org/deepsky", "Use a path such as /deepsky"),
        ("ROOT_PATH", "deepsky", "Use a path such as /deepsky"),
        ("ROOT_PATH", "//evil", "Use a path such as /deepsky"),
        ("ROOT_PATH", "/a;b", "Use a path such as /deepsky"),
        ("HEAD_SECONDS", "-1", "greater than 0"),
        ("STALL_SECONDS", "0", "greater than 0"),
        ("TRANSFER_SECONDS", "inf", "finite number"),
        ("MIN_RATE", "nan", "finite number"),
        ("CONNECTIONS", "0", "greater than or equal to 1"),
        ("CONNECTIONS_PER_CLIENT", "-5", "greater than or equal to 1"),
        ("QUEUE", "-1", "greater than or equal to 1"),
    ],
)
def test_refusals_say_what_to_do(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, advice: str
) -> None:
    monkeypatch.setenv(f"DEEPSKY_{name}", value)

    with pytest.raises(ValidationError, match=advice):
        Settings()


@pytest.mark.parametrize("proxy", ["127.0.0.1", "::1", "10.0.0.0/8", "10.1.2.3/8", "*"])
def test_addresses_and_networks_of_proxies_are_accepted(proxy: str) -> None:
    assert Settings(trusted_proxy=proxy).trusted_proxy


@pytest.mark.parametrize(
    "settings",
    [
        {"trusted_proxy": "127.0.0.1"},
        {"trusted_proxy": "*"},
        {"trusted_hosts": ["sky.example.org"]},
        {"root_path": "/deepsky"},
        {"host": "0.0.0.0"},
    ],
)
def test_automatic_access_requires_keys_if_others_reach_the_server(
    settings: dict[str, Any],
) -> None:
    assert Settings(**settings).requires_keys
    assert not Settings(**settings, access="open").requires_keys


def test_automatic_access_is_open_on_the_own_machine() -> None:
    assert not Settings().requires_keys


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.2", "::1", "localhost"])
def test_loopback_addresses_are_not_public(host: str) -> None:
    assert not Settings(host=host).is_public


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.2", "example.org"])
def test_other_addresses_are_public(host: str) -> None:
    assert Settings(host=host).is_public


def test_default_address_is_not_public() -> None:
    assert not Settings().is_public
