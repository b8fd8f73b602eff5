"""The HTTP server around a gateway, and the thread that lets time pass while nobody asks."""

import logging
import threading
from types import TracebackType

from moto.moto_server.werkzeug_app import MotoRequestHandler
from werkzeug.serving import BaseWSGIServer, make_server

from deploy_engine.local_aws import time_line
from deploy_engine.local_aws.gateway import Gateway

log = logging.getLogger(__name__)
TICK_SECONDS = 0.25
POLL_SECONDS = 0.05
LOOPBACK = "127.0.0.1"


class QuietHandler(MotoRequestHandler):
    """moto's handler of requests, without a line of log for each."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Log nothing: the recorder remembers the calls."""


class Server:
    """A threaded HTTP server on one address, as a context manager."""

    def __init__(self, gateway: Gateway, host: str = LOOPBACK, port: int = 0, *, ticking: bool = True) -> None:
        """Bind at once (port 0 takes a free one); ``ticking`` lets time pass by itself between requests."""
        self._gateway = gateway
        self._http: BaseWSGIServer = make_server(host, port, gateway, threaded=True, request_handler=QuietHandler)
        self._stopping = threading.Event()
        self._threads = [
            threading.Thread(target=self._http.serve_forever, args=(POLL_SECONDS,), name="local-aws-http", daemon=True)
        ]
        if ticking:
            self._threads.append(threading.Thread(target=self._tick, name="local-aws-time", daemon=True))
        self.endpoint_url = f"http://{host}:{self._http.server_port}"

    def __enter__(self) -> "Server":
        """Start to answer."""
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop answering and close the socket."""
        self._stopping.set()
        self._http.shutdown()
        self._http.server_close()
        for thread in self._threads:
            thread.join(timeout=5)

    def _tick(self) -> None:
        world = self._gateway.world
        while not self._stopping.wait(TICK_SECONDS):
            try:
                with world.lock:
                    time_line.advance(world)
            except Exception as error:
                log.exception("the engine failed")
                self._gateway.broken.append(f"engine: {error!r}")
