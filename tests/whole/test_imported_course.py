"""Slides, a PDF, a notebook, a Word file: imported, indexed with the real encoder, asked, and cited by slide and page."""

from pathlib import Path

import pytest

from assistant.serving.assistant import Assistant
from index import CourseIndex, Encoder, build_index
from index.importing import import_command
from index.importing.converter_child import converted
from index.importing.import_command import import_file
from index.settings import IndexSettings
from tests.helpers.sample_documents import korean_pdf, notebook, slides, word

pytestmark = pytest.mark.slow

FILES = {"storage.pptx": slides, "operations.pdf": korean_pdf, "training.ipynb": notebook, "laboratory.docx": word}


@pytest.fixture(scope="module")
def course(encoder: Encoder, small_glossary: None, tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    folder = tmp_path_factory.mktemp("imported")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(import_command, "convert", lambda data, name: converted(data, name, Path(name).stem))
        for name, make in FILES.items():
            (folder / name).write_bytes(make())
            outcome = import_file(folder / name, folder / "notes")
            assert outcome.kind == "new"
    settings = IndexSettings(dir=folder / "notes", data_dir=folder / "data")
    report = build_index(settings, encoder)
    assert (report.notes, report.left_out) == (4, ())
    return Assistant(CourseIndex.open(settings, encoder))


@pytest.mark.parametrize(
    ("question", "place", "said"),
    [
        (
            "How long does Glacier Vault keep deleted records?",
            ("Storage Systems", "Slide 12: How long Glacier Vault keeps records"),
            "97 days",
        ),
        (
            "Glacier Vault는 삭제된 기록을 며칠 동안 보관해?",
            ("Storage Systems", "Slide 12: How long Glacier Vault keeps records"),
            "97 days",
        ),
        (
            "Who can extend the 97 days of Glacier Vault?",
            ("Storage Systems", "Slide 12: How long Glacier Vault keeps records"),
            "auditor",
        ),
        ("What is the price of the Ember tier?", ("Storage Systems", "Slide 20: Prices"), "23 dollars"),
        ("얼음 등급은 복원에 얼마나 걸려?", ("저장소 운영 안내서", "7쪽"), "72시간"),
        ("When does training stop without progress?", ("Training a small net", "Early stopping"), "4 epochs"),
        ("How long is a badge valid?", ("Rules of the Laboratory", "Access", "Badges"), "18 months"),
        ("badge는 몇 개월 동안 유효해?", ("Rules of the Laboratory", "Access", "Badges"), "18 months"),
    ],
    ids=["slide", "slide-in-korean", "spoken", "table-on-a-slide", "page", "notebook", "word", "word-in-korean"],
)
def test_an_answer_cites_the_slide_or_page(course: Assistant, question: str, place: tuple[str, ...], said: str):
    answer = course.ask(question)
    cited = [(citation.heading_path[: len(place)], said in citation.quote) for citation in answer.citations]
    assert (place, True) in cited, (answer.grounded, answer.body, cited)


def test_what_no_document_says_is_declined(course: Assistant):
    assert not course.ask("What is the capital of Mongolia?").grounded
