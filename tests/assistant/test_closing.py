"""What ends an answer: a place is named once, whatever its module and headings repeat."""

import pytest

from assistant.closing import closing
from assistant.records import Citation


@pytest.mark.parametrize(
    ("module", "path", "shown"),
    [
        pytest.param("Week 3: Storage", ("Storage", "S3"), "Week 3: Storage › S3", id="title-in-the-module"),
        pytest.param("3주차: 저장소", ("저장소",), "3주차: 저장소", id="nothing-but-the-title"),
        pytest.param(
            "모듈 3: IAM", ("강의", "모듈 3: IAM", "역할"), "강의 › 모듈 3: IAM › 역할", id="module-among-headings"
        ),
        pytest.param("Week 3", ("Storage", "S3"), "Week 3 › Storage › S3", id="module-of-a-folder"),
    ],
)
def test_a_source_names_module_and_headings_once(module: str, path: tuple[str, ...], shown: str) -> None:
    citation = Citation(1, module, path, "note.md", 3, 4, "a\nb")
    assert "\n".join(closing([], [citation], "en")).endswith(f"- [1] {shown} · `note.md` lines 3–4")
