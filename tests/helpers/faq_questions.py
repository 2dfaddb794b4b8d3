"""Answers to log, made without an index."""

from assistant.records import Answer, Citation


def citation(marker: int = 1, first_line: int = 3, quote: str = "- S3는 객체 스토리지입니다.") -> Citation:
    return Citation(marker, "모듈 5: S3", ("모듈 5: S3", "개요"), "aws/05.ko.md", first_line, first_line, quote)


def answer(question: str, *, grounded: bool = True, language: str = "ko", absent: tuple[str, ...] = ()) -> Answer:
    citations = (citation(),) if grounded else ()
    text = "> S3는 객체 스토리지입니다. [1]" if grounded else "노트에 없는 내용이에요."
    return Answer(
        question, language, grounded, text, citations, (), absent, 0.9 if grounded else 0.1, "extractive", 0.01
    )
