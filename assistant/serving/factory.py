"""Puts an assistant together as the settings ask for."""

from assistant.serving.assistant import Assistant
from assistant.serving.cache import AnswerCache
from assistant.serving.verified import VerifiedTexts
from assistant.settings import Settings
from index import CourseIndex


def create_assistant(
    settings: Settings, course_index: CourseIndex, published: VerifiedTexts | None = None
) -> Assistant:
    """Return the assistant over ``course_index``: with the chat model of ``settings``, or quoting the notes.

    :raises GenerationError: If the chat model's provider is unknown or its package missing; the message holds the
        pip line.
    """
    if settings.chat_model is None:
        return Assistant(course_index, cache=AnswerCache(), published=published)
    from assistant.generating.chat_model import Limits  # langchain takes a second to import
    from assistant.generating.chat_model_writer import open_writer
    from assistant.generating.rewriting import open_rewriter

    limits = Limits(first_words_seconds=settings.chat_seconds, total_seconds=settings.chat_seconds)
    writer = open_writer(settings.chat_model, course_index, limits)
    rewriter = open_rewriter(settings.chat_model, course_index)
    return Assistant(course_index, writer, AnswerCache(), rewriter, published)
