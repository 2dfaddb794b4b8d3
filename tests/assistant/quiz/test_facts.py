import pytest

from assistant.quiz.making.facts import facts_of, member_name, split_pair
from index.reading.notes import parse_note


def facts(markdown, file="course/a.en.md"):
    return list(facts_of(parse_note(markdown, file)))


@pytest.mark.parametrize(
    ("line", "pair"),
    [
        ("규모: 가상머신", ("규모", "가상머신")),
        ("올인 클라우드 - 모놀리식으로 그대로 올리기", ("올인 클라우드", "모놀리식으로 그대로 올리기")),
        ("unhealthy => 보안그룹 문제", ("unhealthy", "보안그룹 문제")),
        ("User Pool ( 사용자를 관리 )", ("User Pool", "사용자를 관리")),
        ("Metrics: CPU and memory.", ("Metrics", "CPU and memory")),
        ("a => b => c", None),
        ("see https://example.com: it helps", None),
        ("plain text", None),
        ("EventBridge : A", None),
    ],
)
def test_term_and_meaning_lines_are_split(line, pair):
    assert split_pair(line) == pair


@pytest.mark.parametrize(
    ("item", "name"),
    [
        ("거버넌스(governance)", "거버넌스"),
        ("AWS Cloud9(클라우드나인): 체크된 항목입니다.", "AWS Cloud9"),
        ("경로 스타일(path-style) URL: 이전 방식입니다.", "경로 스타일"),
        ("Manual scaling", "Manual scaling"),
        ("가상 호스팅 방식 \\*", "가상 호스팅 방식"),
        ("조직은 트리 구조입니다.", ""),
        ("간단한 API를 사용하십시오.", ""),
    ],
)
def test_list_items_have_short_names(item, name):
    assert member_name(item) == name


def test_an_ordered_list_is_a_sequence_only_where_the_notes_say_so():
    steps = "1. Create a role.\n2. Create a policy.\n3. Attach the policy to the role.\n"
    (ordered,) = facts(f"# Lab\n\nFollow these steps in order.\n\n{steps}")
    assert ordered.listings[0].ordered
    plain = facts(f"# Lab\n\nThere are three things.\n\n{steps}")
    assert not any(listing.ordered for fact in plain for listing in fact.listings)


def test_a_line_of_arrows_is_a_sequence():
    (fact,) = facts("# 우선순위\n\n- 하드코딩 => 환경변수 => 인스턴스 역할\n", "a.ko.md")
    assert fact.listings[0].members == ("하드코딩", "환경변수", "인스턴스 역할")


def test_table_cells_that_name_their_row_are_statements():
    table = "| Service | Scale |\n|---|---|\n| EC2 | EC2 scales by virtual machines. |\n| ECS | It scales by tasks. |\n"
    (fact,) = facts(f"# Scale\n\n{table}")
    assert [statement.text for statement in fact.statements] == ["EC2 scales by virtual machines."]
    assert [pair.term for pair in fact.pairs] == ["EC2", "ECS"]


def test_an_editors_note_is_about_the_lines_right_before_it():
    items = "- EBS holds up to 16 TB.\n- EFS has no limit."
    text = f"# A\n\nS3 keeps objects for a long time.\n\n{items}\n\n> **Editor's note:** 64 today.\n"
    (fact,) = facts(text)
    assert [(r.text, r.first_line, r.last_line) for r in fact.remarks] == [("64 today.", 5, 6)]


def test_code_quotes_and_headings_that_only_point_elsewhere_hold_no_facts():
    assert facts("# What's next\n\nRead the chapter on storage and then start over.\n") == []
    assert facts("# Code\n\n```\nS3 keeps objects for a long time.\n```\n\n> S3 keeps objects for a long time.\n") == []
