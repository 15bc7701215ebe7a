"""Headers that a trusted reverse proxy adds to the requests that it forwards."""

from ipaddress import ip_address, ip_network
from typing import Any, Final

from werkzeug.middleware.proxy_fix import ProxyFix

from deepsky.server.settings import ANY_PROXY, ROOT_PATH, Settings

__all__ = ["FORWARDED", "Forwarding"]

FORWARDED: Final = "deepsky.forwarded"
"""Key in the WSGI environment of a request that an unknown proxy has forwarded."""

PREFIX: Final = "HTTP_X_FORWARDED_"
MARKS: Final = frozenset({"HTTP_FORWARDED", "HTTP_X_REAL_IP", "HTTP_VIA"})
"""Headers besides ``X-Forwarded-…`` that proxies add and browsers do not send."""


class Forwarding:
    """Applies the ``X-Forwarded`` headers of trusted proxies, and the path prefix of the service.

    Parameters
    ----------
    settings : Settings
    """

    def __init__(self, settings: Settings) -> None:
        self._trusted = settings.trusted_proxy
        self._root_path = settings.root_path
        self._fix = ProxyFix(_do_nothing, x_for=1, x_proto=1, x_host=1, x_prefix=1)

    def trusts(self, address: str) -> bool:
        """Return whether an IP address belongs to a trusted proxy.

        Parameters
        ----------
        address : str
        """
        if self._trusted in ("", ANY_PROXY):
            return bool(self._trusted)
        parsed = ip_address(address.partition("%")[0])
        parsed = getattr(parsed, "ipv4_mapped", None) or parsed
        return parsed in ip_network(self._trusted, strict=False)

    def apply(self, environ: dict[str, Any]) -> None:
        """Apply the headers to a WSGI environment, or remove them if they are not trusted.

        A request that has such headers although its sender is not trusted is marked as `FORWARDED`.

        Parameters
        ----------
        environ : dict
        """
        if self.trusts(environ["REMOTE_ADDR"]):
            prefix = environ.pop("HTTP_X_FORWARDED_PREFIX", "").rstrip("/")
            if ROOT_PATH.fullmatch(prefix):
                environ["HTTP_X_FORWARDED_PREFIX"] = prefix
            self._fix(environ, _do_nothing)
        else:
            names = [name for name in environ if name.startswith(PREFIX)]
            if names or not MARKS.isdisjoint(environ):
                environ[FORWARDED] = True
            for name in names:
                del environ[name]
        if self._root_path:
            environ["SCRIPT_NAME"] = self._root_path
        _remove_prefix(environ)


def _remove_prefix(environ: dict[str, Any]) -> None:
    """Remove the prefix from the path, because some proxies do not remove it."""
    prefix, path = environ["SCRIPT_NAME"], environ["PATH_INFO"]
    if prefix and (path == prefix or path.startswith(f"{prefix}/")):
        environ["PATH_INFO"] = path[len(prefix) :]


def _do_nothing(*_: object) -> Any:
    return []
