"""Puts an assistant together as the settings ask for."""

from assistant.assistant import Assistant
from assistant.cache import AnswerCache
from assistant.settings import Settings
from assistant.writer import Writer
from index import CourseIndex


def create_assistant(settings: Settings, course_index: CourseIndex) -> Assistant:
    """Return the assistant over ``course_index``: with the chat model of ``settings``, or quoting the notes.

    :raises GenerationError: If the chat model's provider is unknown or its package missing; the message holds the
        pip line.
    """
    return Assistant(course_index, _writer(settings, course_index), AnswerCache())


def _writer(settings: Settings, course_index: CourseIndex) -> Writer | None:
    if settings.chat_model is None:
        return None
    from assistant.generation import open_writer  # langchain takes a second to import

    return open_writer(settings.chat_model, course_index)
