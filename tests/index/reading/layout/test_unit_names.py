"""Which names number a unit of a course, and which only look so; names of files made readable."""

import pytest

from index.reading.layout.unit_names import is_part, readable_name, unit_of, with_capitals


@pytest.mark.parametrize(
    ("name", "unit"),
    [
        ("모듈 3: IAM", "모듈 3"),
        ("Module 3: IAM", "Module 3"),
        ("MODULE 12", "MODULE 12"),
        ("Week 3", "Week 3"),
        ("Weeks 3-4: Storage", "Weeks 3-4"),
        ("Lecture #3 – Memory", "Lecture #3"),
        ("Lesson no. 3", "Lesson no. 3"),
        ("Chapter 3. Memory", "Chapter 3"),
        ("Unit 3 Grammar", "Unit 3"),
        ("Session 3 (online)", "Session 3"),
        ("Day 3", "Day 3"),
        ("Part 3: Review", "Part 3"),
        ("Part III: Review", "Part III"),
        ("Chapter One", "Chapter One"),
        ("Ch. 3 Memory", "Ch. 3"),
        ("ch03-memory", "ch03"),
        ("week_03", "week_03"),
        ("3주차", "3주차"),
        ("3 주차 스토리지", "3 주차"),
        ("4–6주차", "4–6주차"),
        ("제3장", "제3장"),
        ("제 3 장: 메모리", "제 3 장"),
        ("제3회 세미나", "제3회"),
        ("3장 메모리", "3장"),
        ("3강. 가상 메모리", "3강"),
        ("3과 안녕하세요", "3과"),
        ("3차시", "3차시"),
        ("2일차 실습", "2일차"),
        ("3단원", "3단원"),
        ("챕터 3", "챕터 3"),
        ("강의 3 - 정렬", "강의 3"),
        ("[3주차] 메모리", "3주차"),
        ("📘 Week 3: Storage", "Week 3"),
    ],
)
def test_a_numbered_name_is_a_unit(name: str, unit: str):
    assert unit_of(name) == unit


@pytest.mark.parametrize(
    "name",
    [
        "3장의 카드",
        "3강의 내용",
        "3과 4의 차이",
        "1과 자기 자신",
        "2과 소수의 관계",
        "3일 동안",
        "3회 반복",
        "모듈화",
        "Part of speech",
        "Part I like best",
        "Week one is over",
        "Step 3",
        "Exercise 3",
        "Partition 3",
        "Weekend 3",
        "Unit testing",
        "Modules",
        "CH3 그룹",
        "Chapter 3.2 Paging",
        "Module 3b",
        "The third week 3",
        "",
        "  ",
    ],
)
def test_what_only_looks_like_a_unit_is_none(name: str):
    assert unit_of(name) == ""


def test_a_part_is_told_from_other_units():
    assert [is_part(name) for name in ("Part 1", "[Part II] x", "제2부", "3편", "파트 1", "Week 3", "3장")] == [
        *[True] * 5,
        False,
        False,
    ]


@pytest.mark.parametrize(
    ("name", "readable"),
    [
        ("03-iam", "Iam"),
        ("my-note", "My note"),
        ("03-access_keys", "Access keys"),
        ("1.2-intro", "Intro"),
        ("01. 소개", "소개"),
        ("01 소개", "소개"),
        ("1 소개", "1 소개"),
        ("7 habits", "7 habits"),
        ("3d-printing", "3d printing"),
        ("2024-03-05-notes", "2024-03-05-notes"),
        ("03", "03"),
        ("week-03-storage", "Week 3: Storage"),
        ("lecture_05_virtual_memory", "Lecture 5: Virtual memory"),
        ("Week3", "Week 3"),
        ("ch03", "Chapter 3"),
        ("weeks-03-04", "Weeks 3–4"),
        ("Week 3 - Storage", "Week 3 - Storage"),
        ("01-Week 1", "Week 1"),
        ("03_3주차", "3주차"),
        ("3주차_스토리지", "3주차 스토리지"),
        ("제03장_스토리지", "제3장 스토리지"),
        ("Storage 0123456789abcdef0123456789abcdef", "Storage"),
        ("README", "README"),
    ],
)
def test_names_of_files_are_made_readable(name: str, readable: str):
    assert readable_name(name) == readable


def test_short_words_are_written_as_the_notes_write_them():
    assert with_capitals("Iam and go", "IAM is not iam. IAM lets you go.") == "IAM and go"
