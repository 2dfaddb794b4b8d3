"""From notes to hits: reads Markdown, cuts it into passages, encodes, searches, and knows when the notes don't say."""

from index.build import BuildReport
from index.course_index import CourseIndex, build_index, needs_build, open_or_build
from index.deciding.abstention import Parameters
from index.encoding.encoder import Encoder
from index.encoding.loading import load_encoder
from index.errors import (
    ContentError,
    EmptyContentError,
    EncoderLostError,
    EncoderUnavailableError,
    GenerationError,
    IndexDamagedError,
    IndexMismatchError,
    IndexMissingError,
    IndexUnavailableError,
    NotesError,
    PackageMissingError,
    QuestionError,
    SettingsError,
    StorageError,
)
from index.language.languages import detect_language
from index.records import (
    Block,
    BlockKind,
    Decision,
    Grain,
    Hit,
    LeftOut,
    ModuleRule,
    Note,
    Passage,
    SearchResult,
    Section,
    Signals,
)
from index.settings import IndexSettings, environment, read_settings

__all__ = [
    "Block",
    "BlockKind",
    "BuildReport",
    "ContentError",
    "CourseIndex",
    "Decision",
    "EmptyContentError",
    "Encoder",
    "EncoderLostError",
    "EncoderUnavailableError",
    "GenerationError",
    "Grain",
    "Hit",
    "IndexDamagedError",
    "IndexMismatchError",
    "IndexMissingError",
    "IndexSettings",
    "IndexUnavailableError",
    "LeftOut",
    "ModuleRule",
    "Note",
    "NotesError",
    "PackageMissingError",
    "Parameters",
    "Passage",
    "QuestionError",
    "SearchResult",
    "Section",
    "SettingsError",
    "Signals",
    "StorageError",
    "build_index",
    "detect_language",
    "environment",
    "load_encoder",
    "needs_build",
    "open_or_build",
    "read_settings",
]
