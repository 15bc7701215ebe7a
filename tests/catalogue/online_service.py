"""A server on this machine in place of an online catalogue."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs


class OnlineService:
    """A server that gives the same reply to every request, and keeps the forms it received."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.reply: bytes = b""
        self.status = 200
        self.forms: list[dict[str, list[str]]] = []


@contextmanager
def run_service() -> Iterator[OnlineService]:
    """Run a server until the context ends."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            service.forms.append(parse_qs(body))
            self.send_response(service.status)
            self.end_headers()
            with suppress(ConnectionError):  # clients do not read the whole of a long reply
                self.wfile.write(service.reply)

        def log_message(self, *_: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        service = OnlineService(f"http://127.0.0.1:{running.server_port}")
        thread = Thread(target=running.serve_forever)
        thread.start()
        yield service
        running.shutdown()
        thread.join()
