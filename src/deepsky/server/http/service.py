"""What all connections of a server share."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Final

from apiflask import APIFlask

from deepsky.server.forwarding import Forwarding
from deepsky.server.http.bodies import BodyStore
from deepsky.server.http.connections import Connections
from deepsky.server.http.pace import Pace
from deepsky.server.http.wsgi import Application, Environ
from deepsky.server.screening import screen
from deepsky.server.settings import Settings
from deepsky.server.turns import Turns

__all__ = ["Lane", "Service"]

QUICK_THREADS: Final = 8
"""Number of threads for health checks and the web page, and for checking request heads."""

OTHER_RESERVE: Final = 4
"""Number of threads for further clients, in addition to classifications and previews."""

DISK_THREADS: Final = 4
"""Number of threads that write request bodies to the disk and read files to send."""

BODIES: Final = 8
"""Number of request bodies of the maximum size that can be stored at the same time."""

API: Final = "/api/v1/"
HEALTH: Final = "/api/v1/health"


class Lane:
    """Threads for one kind of request, and turns at these threads.

    Parameters
    ----------
    name : str
    threads : int
        Number of threads.
    reserve : int
        Number of additional threads for clients that use none of the others.
    """

    def __init__(self, name: str, threads: int, reserve: int) -> None:
        self.turns = Turns(threads, reserve)
        self.executor = ThreadPoolExecutor(threads + reserve, name)


class Service:
    """State that all connections share.

    Parameters
    ----------
    app : APIFlask
    settings : Settings
    address : (str, int)
        Address and port on which the server listens.
    connections : int
        Maximum number of connections.

    Attributes
    ----------
    stopping : bool
        Whether the server is about to stop, so that connections are closed after their response.
    """

    def __init__(
        self, app: APIFlask, settings: Settings, address: tuple[str, int], connections: int
    ) -> None:
        self.application: Application = app
        self.screen = partial(screen, app)
        self.settings = settings
        self.address = address
        self.stopping = False
        self.forwarding = Forwarding(settings)
        self.pace = Pace(settings.min_rate, settings.stall_seconds, settings.transfer_seconds)
        per_client = min(settings.connections_per_client, max(1, connections // 2))
        self.connections = Connections(connections, per_client)
        self.quick = Lane("quick", QUICK_THREADS, QUICK_THREADS)
        self.checks = Lane("checks", QUICK_THREADS, QUICK_THREADS)
        self.work = Lane(
            "work", settings.threads, settings.queue_reserve + settings.preview_reserve + 2
        )
        self.disk = ThreadPoolExecutor(DISK_THREADS, "disk")
        self.bodies = BodyStore(BODIES * app.config["MAX_CONTENT_LENGTH"], self.disk)

    def lane(self, environ: Environ) -> Lane:
        """Return the threads that handle a request.

        Parameters
        ----------
        environ : dict
            WSGI environment of the request.
        """
        path = environ["PATH_INFO"]
        return self.quick if path == HEALTH or not path.startswith(API) else self.work

    def close(self) -> None:
        """Let all threads end after their current task."""
        lanes = (self.quick, self.checks, self.work)
        for executor in (*(lane.executor for lane in lanes), self.disk):
            executor.shutdown(wait=False, cancel_futures=True)
