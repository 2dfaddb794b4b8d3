"""The index as the rest of the program uses it: opened once, searched by question, rebuilt when the notes change."""

import logging
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from index.border import clean_name, clean_question
from index.build import BuildReport, Progress, build, is_stale
from index.deciding.abstention import Parameters
from index.deciding.decision import SECTIONS_JUDGED, Decider
from index.encoding.centring import Vectors
from index.encoding.encoder import Encoder
from index.encoding.loading import load_encoder
from index.errors import IndexMismatchError, IndexMissingError, IndexUnavailableError
from index.language.terms import TermExtractor
from index.ranking.known_questions import KnownQuestions
from index.ranking.lexical import LexicalIndex
from index.ranking.line_profiles import LineProfiles
from index.reading.notes import note_paths
from index.records import Hit, LeftOut, Line, Note, SearchResult, Section
from index.search import Query, Searcher
from index.settings import IndexSettings
from index.store import Manifest, index_folder, load, read_manifest

ENCODER_CACHE = "encoder"
_LOGGER = logging.getLogger(__name__)
_REMEMBERED_QUESTIONS = 512
#: Equal texts that are encoded beside others differ in the last bits; the files that hold the texts tell of them.
_NOT_EXACT = frozenset({"subject.npy", "subject_weights.npy"})


class CourseIndex:
    """A loaded index with its encoder."""

    def __init__(self, searcher: Searcher, encoder: Encoder) -> None:
        self._searcher = searcher
        self._encoder = encoder
        stored = searcher.stored
        self._decider = Decider(len(stored.sections), knows_questions=self.knows_questions)
        self._read = lru_cache(maxsize=_REMEMBERED_QUESTIONS)(self._read_anew)

    @classmethod
    def open(
        cls, settings: IndexSettings, encoder: Encoder | None = None, parameters: Parameters | None = None
    ) -> "CourseIndex":
        """Load the index of ``settings`` from disk, with its encoder unless one is given.

        :raises IndexUnavailableError: If it is missing, damaged or built with another encoder.
        :raises EmptyContentError: If there are neither index nor notes.
        :raises EncoderUnavailableError: If the encoder cannot be loaded.
        """
        folder = index_folder(settings.data_dir, settings.dir)
        try:
            stored = load(folder)
        except IndexMissingError:
            note_paths(settings.dir)  # a folder that is not there is told as such
            raise
        for problem in stored.manifest.left_out:
            _LOGGER.warning("%s", problem)
        if encoder is not None:  # it may still be loading, in a process of its own: a good time for what comes later
            stored.lexical.extractor.prepare()
        encoder = encoder or load_encoder(settings.encoder, settings.data_dir / ENCODER_CACHE)
        if stored.manifest.fingerprint != encoder.fingerprint:
            raise IndexMismatchError("The index was built with another encoder", folder)
        return cls(Searcher(stored, parameters), encoder)

    @property
    def sections(self) -> Sequence[Section]:
        """All sections in order of their numbers."""
        return self._searcher.stored.sections

    @property
    def notes(self) -> Sequence[Note]:
        """All notes in order of their files."""
        return self._searcher.stored.notes

    @property
    def left_out(self) -> Sequence[LeftOut]:
        """The files that the index could not use, with the reason."""
        return self.manifest.left_out

    @property
    def extractor(self) -> TermExtractor:
        """The extractor of terms that the index was built with."""
        return self.words.extractor

    @property
    def searcher(self) -> Searcher:
        """What ranks, for those who measure; whoever answers needs it not."""
        return self._searcher

    @property
    def words(self) -> LexicalIndex:
        """The words of the notes and of the glossary, and how those of a text are found among them."""
        return self._searcher.stored.lexical

    @property
    def manifest(self) -> Manifest:
        """What the index was built from and with."""
        return self._searcher.stored.manifest

    @property
    def knows_questions(self) -> bool:
        """Whether questions are known that lines of the notes answer."""
        return bool(self._searcher.stored.known.texts)

    def without_known_questions(self) -> "CourseIndex":
        """Return the same index as it would be without known questions, to measure what they do."""
        stored = self._searcher.stored
        plain = replace(stored, known=KnownQuestions.none(self._encoder.width))
        return CourseIndex(Searcher(plain), self._encoder)

    @property
    def generation(self) -> str:
        """A text that changes whenever the index's content does."""
        checksums = self.manifest.file_checksums
        return repr(sorted((name, checksum) for name, checksum in checksums.items() if name not in _NOT_EXACT))

    def note(self, file: str) -> Note:
        """Return the note called ``file``."""
        return self._searcher.note(file)

    def mentions(self, word: str) -> bool:
        """Return whether ``word`` stands anywhere in the notes, as it is written but for capitals."""
        return self._searcher.mentions(word)

    def keys_in(self, section: Section) -> frozenset[str]:
        """Return the keys of the words and concepts that ``section`` holds, its heading's included."""
        return self._searcher.keys_in(section)

    def read(self, question: str) -> Query:
        """Return ``question``, cleaned already, as the index reads it: once, as the latest ones are remembered.

        :raises QuestionError: If it is empty or longer than its limit.
        """
        return self._read(question)

    def _read_anew(self, question: str) -> Query:
        return self._searcher.read(question, self.encode(question))

    def vector(self, question: str) -> Vectors:
        """Return the uncentred vector of a question, ``(d,)`` float32; as :meth:`read`."""
        return self._read(question).vector

    def encode(self, question: str) -> Vectors:
        """Return the uncentred vector of a question anew, remembering nothing."""
        return self._encoder.encode_questions([question])[0]

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Return the uncentred vectors of texts as passages, ``(n, d)`` float32 of unit length."""
        return self._encoder.encode_passages(texts)

    def profiles(self, questions: Sequence[str], vectors: Vectors) -> LineProfiles:
        """Return where in the notes ``questions`` point, given their uncentred ``(n, d)`` vectors."""
        return self._searcher.profiler.profiles(questions, vectors)

    def search(
        self, question: str, count: int = 10, module: str | None = None, language: str | None = None
    ) -> SearchResult:
        """Return at most ``count`` hits for ``question`` and the decision whether the notes answer it.

        :param module: Search only in this module (its name, or what stands before the colon: ``Module 3``).
        :param language: The edition that is preferred; by default the question's.
        :raises QuestionError: If the question is empty, too long or no text.
        """
        query = self._read(clean_question(question))
        found = self._searcher.search(query, max(count, SECTIONS_JUDGED), clean_name(module), language)
        near = self._searcher.lines(query, found.hits[:SECTIONS_JUDGED])
        decided = self._decider.decide(found, near, query.lexical.matches, whole=module is None)
        return replace(decided, hits=decided.hits[:count])

    def lines(self, question: str, hits: Sequence[Hit]) -> tuple[Line, ...]:
        """Return the lines of ``hits``, and how likely each answers ``question``."""
        return self._decider.judged(self._searcher.lines(self._read(clean_question(question)), hits))


def needs_build(settings: IndexSettings) -> bool:
    """Return whether the index is missing, damaged, of another version, or older than the notes.

    :raises EmptyContentError: If there are no notes.
    """
    note_paths(settings.dir)
    try:
        manifest = read_manifest(index_folder(settings.data_dir, settings.dir))
    except IndexUnavailableError:
        return True
    return is_stale(manifest, settings.dir, settings.encoder, settings.modules)


def build_index(
    settings: IndexSettings, encoder: Encoder | None = None, progress: Progress | None = None
) -> BuildReport:
    """Build or update the index of ``settings``; see :func:`index.build.build` for errors."""
    note_paths(settings.dir)  # a mistyped folder is told before the encoder takes its seconds
    encoder = encoder or load_encoder(settings.encoder, settings.data_dir / ENCODER_CACHE)
    folder = index_folder(settings.data_dir, settings.dir)
    return build(settings.dir, folder, encoder, settings.encoder, progress, settings.modules)


def open_or_build(
    settings: IndexSettings, progress: Progress | None = None, encoder: Encoder | None = None
) -> CourseIndex:
    """Return the index, built first where it is missing, stale, damaged or of another encoder.

    :param encoder: The encoder of ``settings``, where it has been loaded already.
    :raises ContentError: If the notes are missing or none can be used.
    """
    stale = needs_build(settings)
    encoder = encoder or load_encoder(settings.encoder, settings.data_dir / ENCODER_CACHE)
    if stale:
        build_index(settings, encoder, progress)
    try:
        return CourseIndex.open(settings, encoder)
    except IndexUnavailableError:
        build_index(settings, encoder, progress)
        return CourseIndex.open(settings, encoder)
