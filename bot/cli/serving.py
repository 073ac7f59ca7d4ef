"""`evie serve` and `evie worker`: the services."""

from __future__ import annotations

import gc
import sys
from typing import Annotated, Final

import typer

_SWITCH_SECONDS: Final = 0.001


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.command("serve")(serve)
    app.command("worker")(worker)


def serve(
    *,
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port to listen on.")] = 8000,
    web_only: Annotated[bool, typer.Option("--web-only", help="Leave inbox and outbox to `evie worker`.")] = False,
) -> None:
    """Run the web process: Slack, Stripe's webhook, pay pages; with the worker inside."""
    from bot.cli.opening import opened
    from bot.cli.signals import handled_by
    from bot.cli.web import listen, web_server
    from bot.logs import log_to_stderr
    from bot.settings import load, require_secret
    from bot.standins import Place

    settings = load()
    require_secret(settings)
    log_to_stderr(settings)
    # Slack waits for an acknowledgement while sentences are read: who only has to take a row gets the lock sooner.
    sys.setswitchinterval(_SWITCH_SECONDS)
    with listen(host, port) as address, opened(settings, Place(port, serving=True)) as app:
        app.prepare()
        app.listen()
        server = web_server(app.web())
        # From here on, and not only once it runs: who is told to stop before that must not go on for ever.
        with handled_by(server.handle_exit):
            if not web_only:
                app.worker.start()
            app.read_ahead()
            server.run(sockets=[address])


def worker(
    *,
    host: Annotated[str, typer.Option(help="The address for a monitor.")] = "127.0.0.1",
    port: Annotated[
        int | None,
        typer.Option(min=1, max=65535, help="The port of /healthz, /readyz and /metrics; left out, there are none."),
    ] = None,
) -> None:
    """Run the worker: inbox, outbox and schedules. On PostgreSQL, any number of them."""
    from bot.cli.opening import opened
    from bot.cli.signals import stopped_by_signals
    from bot.cli.web import monitored
    from bot.logs import log_to_stderr
    from bot.settings import load, require_secret

    settings = load()
    require_secret(settings)
    log_to_stderr(settings)
    with opened(settings) as app:
        app.prepare()
        with monitored(app, host, port), stopped_by_signals() as stopped:
            app.worker.start()
            if app.slack is not None:
                app.read_ahead()
            # What is there by now stays: it is not looked through again and again for what could be thrown away.
            gc.freeze()
            stopped.wait()
