import pytest

from assistant.selection import Shape
from assistant.serving.assistant import Assistant
from index import CourseIndex, Encoder, build_index
from index.settings import IndexSettings
from tests.helpers.small_builds import few_other_subjects

NOTE = """# 모듈 2: 정책

## IAM 권한의 유형

### 자격 증명 기반 권한

- 사용자, 그룹, 역할에 붙입니다.

### 리소스 기반 권한

- 버킷과 대기열에 붙입니다.

## 정책 평가 순서

1. 명시적 거부를 먼저 찾습니다.
2. 허용이 있는지 찾습니다.
3. 둘 다 없으면 거부합니다.

## 백업의 종류

- 전체 백업
- 증분 백업

### 전체 백업의 주기

일요일마다 합니다.

### 증분 백업의 주기

매일 합니다.
"""


@pytest.fixture(scope="module")
def policies(encoder: Encoder, tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    notes = tmp_path_factory.mktemp("policies")
    (notes / "policies.md").write_text(NOTE, encoding="utf-8")
    settings = IndexSettings(dir=notes, data_dir=tmp_path_factory.mktemp("data"))
    with few_other_subjects(notes):
        build_index(settings, encoder)
    return Assistant(CourseIndex.open(settings, encoder))


def test_a_list_written_as_headings_is_gathered_each_heading_cited(policies: Assistant) -> None:
    answer = policies.ask("IAM 권한의 유형에는 어떤 것들이 있나요?")
    assert [c.quote for c in answer.citations] == ["### 자격 증명 기반 권한", "### 리소스 기반 권한"]
    assert "- 자격 증명 기반 권한 [1]\n- 리소스 기반 권한 [2]" in answer.text
    assert "‘IAM 권한의 유형’" in answer.text
    for citation in answer.citations:
        assert policies.index.note(citation.file).quote(citation.first_line, citation.last_line) == citation.quote


@pytest.mark.parametrize(
    ("question", "quoted"),
    [
        ("백업의 종류에는 뭐가 있어요?", "- 전체 백업\n- 증분 백업"),
        ("리소스 기반 권한은 어떤 것들에 붙이나요?", "- 버킷과 대기열에 붙입니다."),
    ],
    ids=["the section lists its items itself", "one item is named"],
)
def test_lines_are_quoted_where_they_answer_better_than_headings(
    policies: Assistant, question: str, quoted: str
) -> None:
    assert [citation.quote for citation in policies.ask(question).citations] == [quoted]


@pytest.mark.parametrize(
    "question",
    ["명시적 거부를 찾은 다음에 뭐 해요?", "허용이 있는지 찾기 전에 뭘 먼저 해요?"],
    ids=["after", "before"],
)
def test_a_question_about_an_order_gets_the_steps_around(policies: Assistant, question: str) -> None:
    (part,) = policies.select(policies.understand(question)).parts
    assert part.shape in (Shape.FACT, Shape.HOW_TO)
    assert [len(excerpt.blocks) for excerpt in part.excerpts] == [3]
