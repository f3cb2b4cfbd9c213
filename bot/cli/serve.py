"""`daoshi serve` and `daoshi worker`: the processes that keep running."""

import os
import subprocess
import sys
from collections.abc import Sequence

import click

from bot.cli.start import EXIT_SETTINGS, language, leave, leave_to_the_log, run, start
from bot.settings import Settings, variable_name
from tutor.i18n import mark, say


@click.command(help=mark("Serve Discord and Slack, each if its tokens are set, and the HTTP port."))
@click.option("--no-worker", is_flag=True, help=mark("Start no worker; one runs elsewhere."))
def serve(no_worker: bool) -> None:
    settings = start()
    if not (settings.discord_configured or settings.slack_configured):
        leave(
            say(
                language(),
                "There is no platform to serve. Set DISCORD_TOKEN for Discord; for Slack set "
                "SLACK_BOT_TOKEN and SLACK_APP_TOKEN (or, over HTTP, SLACK_SIGNING_SECRET). "
                "Write them in .env; README.md explains where they come from.",
            ),
            EXIT_SETTINGS,
        )
    run(_serve(settings, with_worker=not no_worker))


@click.command(help=mark("Run jobs: backups, cleaning up, and everything else that takes long."))
def worker() -> None:
    settings = start()
    command = [sys.executable, "-m", "training"]
    environment = {**os.environ, **worker_environment(settings)}
    if sys.platform == "win32":
        sys.exit(subprocess.call(command, env=environment))  # noqa: S603 - our own interpreter
    os.execve(sys.executable, command, environment)  # noqa: S606 - takes this one's place


async def _serve(settings: Settings, *, with_worker: bool) -> None:
    from bot import wiring
    from bot.connections import make_adapters, routes_of
    from bot.http_server import HttpServer, PortUnavailable, build_app
    from bot.metrics import Metrics
    from bot.serve import NoPlatformLeft, PartFailed, Serving, readiness_of, stop_on_signals
    from bot.supervision import WorkerChild

    metrics = Metrics()
    async with wiring.open_services(settings, wake_engine=True, warm_up=True) as services:
        dispatcher = wiring.make_dispatcher(services)
        adapters = make_adapters(services, dispatcher)

        async def database_answers() -> bool:
            async with services.database.read() as session:
                await session.exec_driver_sql("SELECT 1")
            return True

        async def engine_answers() -> bool:
            health = await services.engine.health()
            return health.ready or health.paused_until is not None

        async def ready() -> dict[str, bool]:
            checks = {"database": database_answers, "engine": engine_answers}
            return {**await readiness_of(checks), **serving.ready()}

        app = build_app(
            metrics,
            ready,
            metrics_token=settings.metrics_token.get_secret_value(),
            is_public=bool(settings.public_url),
            routes=routes_of(adapters),
        )
        http = HttpServer(app, settings.http_host, settings.http_port)
        child = WorkerChild(environment=worker_environment(settings)) if with_worker else None
        serving = Serving(dispatcher, adapters, http, metrics, child)
        stop_on_signals(serving.stop)
        try:
            await serving.run()
        except PortUnavailable as error:
            leave(
                say(
                    language(),
                    "The address {address} can't be used. Another program, or another Daoshi, may "
                    "have it: end that one, or set DAOSHI_HTTP_HOST and DAOSHI_HTTP_PORT.",
                    address=error,
                )
            )
        except NoPlatformLeft as error:
            _leave_refused(list(error.reasons.values()))
        except PartFailed:
            leave_to_the_log()


def _leave_refused(reasons: Sequence[str]) -> None:
    leave("\n".join(say(language(), reason) for reason in reasons), EXIT_SETTINGS)


def worker_environment(settings: Settings) -> dict[str, str]:
    """The checked settings as the worker reads them; it can't import this room."""
    from bot.wiring import database_url

    return {
        variable_name("database_url"): database_url(settings),
        variable_name("data_dir"): str(settings.data_dir),
        variable_name("retention_days"): str(settings.retention_days),
        variable_name("log_format"): settings.log_format,
        variable_name("model"): settings.model,
        variable_name("engine_url"): settings.engine_url,
        variable_name("engine_api_key"): settings.engine_api_key.get_secret_value(),
        variable_name("train_on_chats"): "1" if settings.train_on_chats else "0",
    }
