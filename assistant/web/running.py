"""Puts the running app together: settings → index → assistant → pages, and serves until it is told to stop."""

import gc
import signal
import socket
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from assistant.faq.accounts.account_store import FIRST_NAME, ensure_account
from assistant.faq.errors import DatabaseUnavailableError
from assistant.faq.service import ChatLog, FaqService
from assistant.publishing.notes_folder import NotesFolderError
from assistant.publishing.publisher import Publishing
from assistant.serving.assistant import Assistant
from assistant.serving.factory import create_assistant
from assistant.serving.service import AssistantService, may_pass
from assistant.settings import Settings, load_settings
from assistant.web.app_context import AppContext, LoadProgress
from assistant.web.application import GRADIO_PAGES, ROUTERS, create_application
from assistant.web.receipts import Receipts
from assistant.web.server.connections import GracefulServer, server_config
from assistant.web.server.hosts import KnownHosts, own_names
from assistant.web.strings import load_strings
from index import NotesError, SettingsError, open_or_build
from index.background import Background
from index.build import Progress
from index.command_line import progress_bar
from index.course_index import ENCODER_CACHE
from index.encoding.encoder_process import EncoderProcess
from index.reading.layout.note_files import find_notes

_SWITCH_SECONDS = 0.0005


def run(places: Mapping[str, Path] | None = None) -> int:
    """Serve until interrupted; return the exit code: 0, or 2 after one line on standard error.

    :param places: Folders that go before those of the settings, by the settings' names.
    """
    # uvicorn raises the signal again when all is finished: what is to be written must be written by then.
    signal.signal(signal.SIGTERM, _end)
    try:
        settings = load_settings().model_copy(update=places)
        listener = bind(settings)
        with Background() as background:
            encoder = EncoderProcess(settings.encoder, settings.data_dir / ENCODER_CACHE, background)
            try:
                with listener:
                    return run_server(settings, listener, encoder, background)
            finally:
                encoder.close()
    except NotesError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 0


def _end(*_: object) -> None:
    sys.exit(0)


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


def run_server(settings: Settings, listener: socket.socket, encoder: EncoderProcess, background: Background) -> int:
    """Serve pages at once, and answers as soon as the index is loaded or built; return the exit code.

    :raises NotesError: If the index can neither be loaded nor built.
    """
    progress = LoadProgress()
    # Answers are worked out in threads beside the one that serves pages: it asks for Python's lock every time that a
    # request comes, and waited for 5 ms each.
    sys.setswitchinterval(_SWITCH_SECONDS)
    # Imports and the index are a million objects that stay: looking for garbage among them
    # made a start a sixth longer. They are set aside for good once all is loaded.
    gc.disable()

    def load() -> Assistant:
        while not server.started and not server.should_exit:  # the page first; the encoder is loading anyway
            time.sleep(0.05)
        try:
            index = open_or_build(settings, both(progress.advance, progress_bar()), encoder)
            return create_assistant(settings, index, desk.verified)
        except BaseException as error:
            # Without notes there is nothing to serve; the reason is told below. With earlier ones, they stay. What may
            # pass is tried again meanwhile.
            server.should_exit = server.should_exit or not (service.ready or may_pass(error))
            raise
        finally:
            if not service.ready:
                gc.freeze()
            gc.enable()

    recover_notes(settings)
    found = find_notes(
        settings.dir
    )  # without notes there is nothing to serve: no account is made then, and no page shown
    for sentence in found.told:
        print(f"note: {sentence}", file=sys.stderr)
    service = AssistantService(load, background, lambda: encoder.trouble)
    desk = open_faq(settings, service, background)
    log = ChatLog(desk.log) if desk.log.enabled else None
    receipts = Receipts.of_folder(settings.data_dir)
    context = AppContext(
        service, settings, load_strings(), progress, log, desk, background=background, receipts=receipts
    )
    application = create_application(context, ROUTERS, GRADIO_PAGES)
    server = GracefulServer(server_config(KnownHosts(application, names_of(settings))), context.room)
    service.start()
    print(f"Ask the Notes: http://{settings.host}:{settings.port}/", flush=True)
    try:
        server.run(sockets=[listener])
    finally:
        desk.close()
    if service.error is not None and not service.ready:
        raise service.error
    return 1 if server.should_exit and not service.ready else 0


def names_of(settings: Settings) -> set[str]:
    """Return the names under which the site is served."""
    return {*own_names(settings.host), *filter(None, (name.strip() for name in settings.allowed_hosts.split(",")))}


def recover_notes(settings: Settings) -> None:
    """Put the notes back as they were if the app was killed while new ones were going live."""
    try:
        Publishing(settings.dir, settings.data_dir).recover()
    except NotesFolderError as error:
        print(f"warning: the notes could not be checked for a change that was broken off. {error}", file=sys.stderr)


def open_faq(settings: Settings, service: AssistantService, background: Background) -> FaqService:
    """Return the FAQ. While its database is not available, questions wait to be stored, and answers come anyway.

    :raises SettingsError: If the database's URL is wrong.
    """
    desk = FaqService.open(settings, lambda: service.assistant.index if service.ready else None, background)

    def open_database() -> None:
        made_up = ensure_account(desk.database, settings.instructor_password)
        if made_up:
            print(
                f"Instructor: sign in at /instructor as {FIRST_NAME} with the password {made_up} (shown only now)",
                flush=True,
            )

    try:
        open_database()
    except DatabaseUnavailableError:  # told, and tried until it is there
        background.once("open-database", open_database, again=lambda _: True)
    return desk


def both(first: Progress, second: Progress) -> Progress:
    """Return a callback that tells both of the progress of a build."""

    def advance(done: int, total: int) -> None:
        first(done, total)
        second(done, total)

    return advance
