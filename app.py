"""The entry point: settings → index → assistant → web. ``python app.py`` serves the chat and prints its address."""

import socket
import sys

import uvicorn

from assistant.assistant import Assistant
from assistant.creation import create_assistant
from assistant.service import AssistantService
from assistant.settings import Settings, load_settings
from assistant.web.application import GRADIO_PAGES, ROUTERS, create_application
from assistant.web.site import LoadProgress, Site
from assistant.web.strings import load_strings
from index import NotesError, SettingsError, open_or_build
from index.__main__ import progress_bar
from index.build import Progress


def main() -> int:
    """Serve until interrupted; return the exit code: 0, or 2 after one line on standard error."""
    try:
        settings = load_settings()
        listener = bind(settings)
        with listener:
            return serve(settings, listener)
    except NotesError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 0


def bind(settings: Settings) -> socket.socket:
    """Return a socket bound to the address of ``settings``.

    :raises SettingsError: If the address is taken or not this machine's.
    """
    listener = socket.socket(socket.AF_INET6 if ":" in settings.host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.host, settings.port))
    except OSError as error:
        listener.close()
        raise SettingsError(
            f"NOTES_HOST, NOTES_PORT: {settings.host}:{settings.port} cannot be used: {error.strerror}."
        ) from error
    return listener


def serve(settings: Settings, listener: socket.socket) -> int:
    """Serve pages at once, and answers as soon as the index is loaded or built; return the exit code.

    :raises NotesError: If the index can neither be loaded nor built.
    """
    progress = LoadProgress()

    def load() -> Assistant:
        try:
            return create_assistant(settings, open_or_build(settings, both(progress.advance, progress_bar())))
        except BaseException:
            server.should_exit = True  # Without notes there is nothing to serve; the reason is told below.
            raise

    service = AssistantService(load)
    site = Site(service, settings, load_strings(), progress)
    application = create_application(site, ROUTERS, GRADIO_PAGES)
    server = uvicorn.Server(uvicorn.Config(application, log_level="warning", timeout_graceful_shutdown=2))
    service.start()
    print(f"Ask the Notes: http://{settings.host}:{settings.port}/", flush=True)
    server.run(sockets=[listener])
    if service.error is not None and not service.ready:
        raise service.error
    return 1 if server.should_exit and not service.ready else 0


def both(first: Progress, second: Progress) -> Progress:
    """Return a callback that tells both of the progress of a build."""

    def advance(done: int, total: int) -> None:
        first(done, total)
        second(done, total)

    return advance


if __name__ == "__main__":
    sys.exit(main())
