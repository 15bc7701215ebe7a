"""HTTP/1.1 server for the WSGI application, built on asyncio and the HTTP parser h11.

The server is exposed to arbitrary clients and must stay available. It therefore sets deadlines for
request heads, request bodies and responses; limits the connections per client, the memory and disk
space for request bodies; asks the application about a request before it receives the body; serves
waiting clients in rotation; informs the application if a client has gone; and finishes requests
in progress before it stops. docs/how-to/service.md compares it with other WSGI servers, none of
which offers these functions.

A connection occupies no thread while it sends a request or receives a response. Only the
application runs in threads.
"""

from deepsky.server.http.server import serve_until_stopped

__all__ = ["serve_until_stopped"]
