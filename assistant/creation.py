"""Puts an assistant together as the settings ask for."""

from assistant.assistant import Assistant
from assistant.cache import AnswerCache
from assistant.settings import Settings
from index import CourseIndex


def create_assistant(settings: Settings, course_index: CourseIndex) -> Assistant:
    """Return the assistant over ``course_index``: with the chat model of ``settings``, or quoting the notes.

    :raises GenerationError: If the chat model's provider is unknown or its package missing; the message holds the
        pip line.
    """
    if settings.chat_model is None:
        return Assistant(course_index, cache=AnswerCache())
    from assistant.generation import open_writer  # langchain takes a second to import
    from assistant.rewriting import open_rewriter

    writer = open_writer(settings.chat_model, course_index)
    return Assistant(course_index, writer, AnswerCache(), open_rewriter(settings.chat_model, course_index))
