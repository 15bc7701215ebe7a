"""Exception for requests that are refused before the application is called."""

from flask import Response

__all__ = ["RefusedError"]


class RefusedError(Exception):
    """The server refuses a request.

    Parameters
    ----------
    response : flask.Response
        Response to the client. The connection is closed after it.
    """

    def __init__(self, response: Response) -> None:
        super().__init__(response.status)
        self.response = response
