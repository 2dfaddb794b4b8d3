import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from assistant.faq.accounts.account_store import FIRST_NAME, set_password
from assistant.faq.records import Entry
from assistant.faq.service import ChatLog, FaqService
from assistant.faq.storage.cluster_store import read_summaries
from assistant.faq.storage.database import Database, database_url
from assistant.faq.storage.entry_store import read_entries, save_entry
from assistant.serving.assistant import Assistant
from assistant.serving.service import AssistantService
from assistant.serving.verified import ENGINE
from assistant.settings import Settings
from assistant.web.app_context import AppContext
from assistant.web.application import ROUTERS, create_application
from assistant.web.strings import load_strings
from tests.helpers.faq_questions import answer, citation

pytestmark = pytest.mark.slow

PASSWORD = "correct horse"
QUESTION = "CloudTrail 로그는 며칠 동안 보관되나요?"
KOREAN = {"Accept-Language": "ko", "Accept": "text/html"}


@pytest.fixture
def desk(tmp_path: Path, assistant: Assistant) -> Iterator[FaqService]:
    database = Database.open(database_url(None, tmp_path))
    set_password(database, FIRST_NAME, PASSWORD)
    with FaqService(database, lambda: assistant.index) as desk:
        yield desk


@pytest.fixture
def student(desk: FaqService, assistant: Assistant, settings: Settings) -> TestClient:
    service = AssistantService(lambda: Assistant(assistant.index, published=desk.verified))
    service.reload()
    site = AppContext(service, settings, load_strings(), log=ChatLog(desk.log), faq=desk)
    return TestClient(create_application(site, ROUTERS, {}), headers=KOREAN, follow_redirects=False)


@pytest.fixture
def instructor(student: TestClient) -> TestClient:
    client = TestClient(student.app, headers=KOREAN, follow_redirects=False)
    reply = client.post("/instructor/sign-in", data={"name": FIRST_NAME, "password": PASSWORD})
    assert reply.status_code == 303
    return client


def entry_of(desk: FaqService, entry: Entry) -> Entry:
    with desk.database.writing() as connection:
        return save_entry(connection, entry, 1)


@pytest.mark.parametrize("path", ["", "/gaps", "/overview", "/content", "/entries", "/nowhere/at/all"])
def test_a_stranger_who_wants_a_page_is_sent_to_the_sign_in(student: TestClient, path: str) -> None:
    reply = student.get(f"/instructor{path}")
    assert (reply.status_code, reply.headers["location"]) == (303, "/instructor/sign-in")
    assert "비밀번호" in student.get(reply.headers["location"]).text


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(student: TestClient) -> None:
    reply = student.post("/instructor/sign-in", data={"name": FIRST_NAME, "password": PASSWORD})
    cookie = reply.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "samesite=strict" in cookie.lower()
    assert "Path=/instructor" in cookie


def test_guessing_is_slowed_down_even_for_the_right_password(student: TestClient) -> None:
    codes = [
        student.post("/instructor/sign-in", data={"name": FIRST_NAME, "password": "guess"}).status_code
        for _ in range(6)
    ]
    assert codes == [401] * 5 + [429]
    reply = student.post("/instructor/sign-in", data={"name": FIRST_NAME, "password": PASSWORD})
    assert reply.status_code == 429
    assert "초 뒤에" in reply.text


def test_signing_out_closes_the_pages(instructor: TestClient) -> None:
    assert instructor.get("/instructor").status_code == 200
    cookies = dict(instructor.cookies)
    instructor.post("/instructor/sign-out")
    instructor.cookies.update(cookies)
    assert instructor.get("/instructor").status_code == 303


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}],
    ids=["origin", "fetch-metadata"],
)
def test_forms_of_other_sites_are_refused(instructor: TestClient, headers: dict[str, str]) -> None:
    for path in ("/instructor/groups/1/merge", "/instructor/sign-out", "/instructor/sign-in"):
        assert instructor.post(path, headers=headers, data={"other": "2"}).status_code == 403


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("path", ["", "/gaps", "/entries", "/overview", "/content"])
def test_pages_without_any_data_say_so(instructor: TestClient, path: str, language: str) -> None:
    reply = instructor.get(f"/instructor{path}", headers={"Accept-Language": language})
    assert reply.status_code == 200
    assert ("faq-empty" in reply.text) == (path != "/content")


def test_from_question_to_verified_answer_to_flag(
    desk: FaqService, student: TestClient, instructor: TestClient, assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.log.record(assistant.ask(QUESTION))
    desk.log.record(assistant.ask("DynamoDB 파티션 키는 어떻게 정해요?"))
    assert desk.settle()
    assert QUESTION in instructor.get("/instructor").text
    assert "DynamoDB" in instructor.get("/instructor/gaps").text
    with desk.database.reading() as connection:
        group = next(g for g in read_summaries(connection, 0) if g.title == QUESTION).identifier

    edit = instructor.post(f"/instructor/groups/{group}/draft").headers["location"]
    page = instructor.get(edit).text
    assert "90" in page
    assert "**출처**" not in page
    fields = {
        "question_ko": QUESTION,
        "answer_ko": "90일이에요. 더 두려면 S3에 저장하세요. [1]",
        "question_en": "How long?",
    }
    fields |= {"answer_en": "90 days. [1]", "module": "모듈 1"}
    instructor.post(edit, data={**fields, "version": "0"})
    assert student.get("/faq").text.count("faq-entry") == 0
    for version, language in ((1, "ko"), (2, "en")):
        instructor.post(edit, data={**fields, "version": str(version), "action": f"publish_{language}"})
    assert "90일이에요." in student.get("/faq").text
    assert student.get("/api/faq").json()["entries"][0]["answer_en"] == "90 days. [1]"

    verified = Assistant(assistant.index, published=desk.verified).ask("CloudTrail 로그는 며칠 동안 보관되나요")
    assert verified.engine == ENGINE
    assert verified.text.startswith("**강사님이 확인한 답변이에요.**\n\n90일이에요.")
    assert verified.body.endswith("[1]"), "nothing follows"
    assert [citation.marker for citation in verified.citations] == [1]
    assert Assistant(assistant.index, published=desk.verified).ask("S3 요금이 1GB에 얼마예요?").engine != ENGINE

    flag = "인용한 노트가 바뀌었어요"
    assert flag not in instructor.get("/instructor/entries").text
    changed = tuple(replace(note, text=note.text.replace("90", "120")) for note in assistant.index.notes)
    monkeypatch.setattr(type(assistant.index), "notes", property(lambda _: changed))
    assert flag in instructor.get("/instructor/entries").text
    assert "120" in instructor.get(edit).text
    instructor.post(f"{edit}/looked-at", data={"version": "3"})
    assert flag not in instructor.get("/instructor/entries").text


def test_groups_are_corrected_on_the_page(desk: FaqService, instructor: TestClient) -> None:
    for question in (QUESTION, "EFS랑 S3 중에 뭐가 더 비싸요?"):
        desk.log.record(answer(question))
    assert desk.settle()
    with desk.database.reading() as connection:
        one, two = (group.identifier for group in read_summaries(connection, 0))
    instructor.post(f"/instructor/groups/{one}/merge", data={"other": str(two)})
    page = instructor.get(f"/instructor/groups/{one}").text
    numbers = re.findall(r'name="phrasing" value="(\d+)"', page)
    assert len(numbers) == 2
    instructor.post(f"/instructor/groups/{one}/move", data={"phrasing": [numbers[1]], "target": ""})
    with desk.database.reading() as connection:
        assert [group.count for group in read_summaries(connection, 0)] == [1, 1]
    assert instructor.post(f"/instructor/groups/{one}/move", data={}).status_code == 400
    assert instructor.post(f"/instructor/groups/{one}/merge", data={"other": "999"}).status_code == 404
    assert instructor.get("/instructor/groups/999").status_code == 404


def test_groups_that_may_be_the_same_are_offered_to_merge(desk: FaqService, instructor: TestClient) -> None:
    for question in ("S3만 단독으로 쓸 수 있나요?", "서버 한 대도 안 띄우고 오브젝트 스토리지만 따로 굴려도 되나요?"):
        desk.log.record(answer(question))
    assert desk.settle()
    with desk.database.reading() as connection:
        one, two = (group.identifier for group in read_summaries(connection, 0))
    assert f'data-from="/instructor/groups/{one}/similar?back=asked"' in instructor.get("/instructor").text
    offer = f'name="other" value="{two}"'
    page = instructor.get(f"/instructor/groups/{one}").text
    assert f'data-from="/instructor/groups/{one}/similar"' in page
    assert offer not in page, "worked out when it is asked for"
    for back in ("", "?back=asked", "?back=gaps", "?back=nowhere"):
        fragment = instructor.get(f"/instructor/groups/{one}/similar{back}").text
        assert fragment.count(offer) == 2, "to merge, or to keep apart"
        assert "1번" in fragment
    instructor.post(f"/instructor/groups/{one}/merge", data={"other": str(two)})
    assert "비슷한 묶음이 더 없어요" in instructor.get(f"/instructor/groups/{one}/similar").text
    assert instructor.get("/instructor/groups/999/similar").status_code == 404


@pytest.fixture
def split(desk: FaqService) -> tuple[int, int]:
    """A question that is split over two groups, the one asked more often first."""
    plain, oblique = (
        "자격 증명 풀은 뭘 해 주나요?",
        "로그인하고 나온 증표를 클라우드 접근 권한으로 바꿔 주는 건 누가 해요?",
    )
    for question in (plain, plain, oblique, *["EFS랑 S3 중에 뭐가 더 비싸요?"] * 2):
        desk.log.record(answer(question))
    assert desk.settle()
    assert desk.grouper is not None
    desk.grouper.note_nearest()
    with desk.database.reading() as connection:
        by_title = {group.title: group.identifier for group in read_summaries(connection, 0)}
    return by_title[plain], by_title[oblique]


def cards(page: str) -> list[str]:
    return re.findall(r'<article class="card" id="group-\d+">.*?</article>', page, flags=re.DOTALL)


def test_a_split_question_is_one_card(split: tuple[int, int], instructor: TestClient) -> None:
    one, two = split
    first, second = cards(instructor.get("/instructor").text)
    assert f'id="group-{one}"' in first
    assert "2번, 아래 질문까지 3번" in first
    assert "같은 질문일 수 있어요" in first
    assert f'href="/instructor/groups/{two}"' in first
    assert f"#{two}, 1번" in first
    assert re.findall(r'action="/instructor/groups/(\d+)/(merge|apart)"', first) == [
        (f"{one}", "merge"),
        (f"{one}", "apart"),
    ]
    assert "아래 질문까지" not in second
    assert "같은 질문일 수 있어요" not in second
    english = cards(instructor.get("/instructor", headers={"Accept-Language": "en"}).text)[0]
    assert "2 times, 3 with the one below" in english
    assert f"#{two}, 1 time<" in english
    assert "비슷한 묶음이 더 없어요" in instructor.get(f"/instructor/groups/{one}/similar?back=asked").text
    assert cards(instructor.get("/instructor/gaps").text) == []


@pytest.mark.parametrize(("action", "count"), [("merge", "3번"), ("apart", "2번")])
def test_a_split_question_is_merged_or_kept_apart_on_the_list(
    split: tuple[int, int], instructor: TestClient, action: str, count: str
) -> None:
    one, two = split
    reply = instructor.post(f"/instructor/groups/{one}/{action}", data={"other": str(two), "back": "asked"})
    assert (reply.status_code, reply.headers["location"]) == (303, f"/instructor#group-{one}")
    page = instructor.get("/instructor").text
    card = next(card for card in cards(page) if f'id="group-{one}"' in card)
    assert f"<span>{count}</span>" in card
    assert "같은 질문일 수 있어요" not in page
    assert len(cards(page)) == (2 if action == "merge" else 3)
    assert "비슷한 묶음이 더 없어요" in instructor.get(f"/instructor/groups/{one}/similar").text


@pytest.mark.parametrize(
    ("back", "address"),
    [("gaps", "/instructor/gaps#group-{}"), ("", "/instructor/groups/{}"), ("//evil.example", "/instructor/groups/{}")],
)
def test_keeping_apart_leads_back_to_where_it_was_done(
    split: tuple[int, int], instructor: TestClient, back: str, address: str
) -> None:
    one, two = split
    reply = instructor.post(f"/instructor/groups/{one}/apart", data={"other": str(two), "back": back})
    assert reply.headers["location"] == address.format(one)


def test_only_groups_that_exist_are_kept_apart(split: tuple[int, int], instructor: TestClient) -> None:
    for other in ("999", str(split[0])):
        assert instructor.post(f"/instructor/groups/{split[0]}/apart", data={"other": other}).status_code == 404
    foreign = {"Origin": "https://evil.example"}
    data = {"other": str(split[1])}
    assert instructor.post(f"/instructor/groups/{split[0]}/apart", data=data, headers=foreign).status_code == 403
    assert "아래 질문까지" in instructor.get("/instructor").text


def test_the_notes_answer_to_a_group_is_shown_with_its_lines(desk: FaqService, instructor: TestClient) -> None:
    desk.log.record(answer(QUESTION))
    assert desk.settle()
    with desk.database.reading() as connection:
        (group,) = read_summaries(connection, 0)
    assert f'data-from="/instructor/groups/{group.identifier}/answer"' in instructor.get("/instructor").text
    drafted = instructor.get(f"/instructor/groups/{group.identifier}/answer")
    assert "90일" in drafted.text
    assert re.search(r'href="/notes/[^"]+#L\d+-L\d+"', drafted.text)
    assert instructor.get("/instructor/groups/999/answer").status_code == 404


def test_without_a_database_the_pages_say_so_and_answers_keep_coming(assistant: Assistant, settings: Settings) -> None:
    service = AssistantService(lambda: assistant)
    service.reload()
    client = TestClient(create_application(AppContext(service, settings, load_strings()), ROUTERS, {}), headers=KOREAN)
    assert client.get("/api/faq").status_code == 503
    for path in ("/faq", "/instructor", "/instructor/gaps"):
        reply = client.get(path)
        assert reply.status_code == 503
        assert "notice" in reply.text or "faq-empty" in reply.text
    assert client.post("/api/ask", json={"question": QUESTION}).json()["grounded"]


@pytest.mark.parametrize("client", ["page", "api"])
def test_an_empty_faq_is_there_and_says_so(student: TestClient, client: str) -> None:
    if client == "api":
        assert student.get("/api/faq").json() == {"entries": []}
    else:
        assert "아직 공개된 답변이 없어요." in student.get("/faq").text


def test_a_gap_is_put_out_of_scope_and_its_draft_downloaded(desk: FaqService, instructor: TestClient) -> None:
    desk.log.record(answer("시험 언제 봐요?", grounded=False))
    assert desk.settle()
    with desk.database.reading() as connection:
        (group,) = read_summaries(connection, 0)
    snippet = instructor.get(f"/instructor/groups/{group.identifier}/snippet")
    assert re.match(r"#{2,6} 시험 언제 봐요\?\n", snippet.text)
    page = instructor.get(f"/instructor/groups/{group.identifier}").text
    assert snippet.text.split("\n")[0] in page
    assert "이 단원 바로 아래에 넣어 주세요:" in page
    instructor.post(f"/instructor/groups/{group.identifier}/scope", data={"out": "true"})
    assert "다시 범위 안으로" in instructor.get("/instructor/gaps").text


def test_the_overview_counts_what_was_asked(desk: FaqService, instructor: TestClient, assistant: Assistant) -> None:
    receipt = desk.log.record(assistant.ask(QUESTION))
    desk.log.feedback(receipt.identifier, helpful=True)
    desk.log.record(answer("시험 언제 봐요?", grounded=False))
    assert desk.settle()
    page = instructor.get("/instructor/overview").text
    assert "질문 2개 가운데 1개는 노트에 답이 없었어요." in page
    assert "도움됨 1번, 도움 안 됨 0번" in page


@pytest.mark.parametrize("payload", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ 7 * 7 }}"])
def test_what_students_and_instructors_write_is_shown_as_text(
    desk: FaqService, student: TestClient, instructor: TestClient, payload: str
) -> None:
    desk.log.record(answer(f"S3 {payload}"))
    assert desk.settle()
    texts = Entry(0, "", None, payload, payload, payload, payload, payload, (), True, True, False, 0, 0, 0)
    entry = entry_of(desk, texts)
    pages = [instructor.get(f"/instructor{path}").text for path in ("", "/entries", f"/entries/{entry.identifier}")]
    for page in [*pages, student.get("/faq").text]:
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "49" not in re.sub(r"<head>.*?</head>|\d{3,}", "", page, flags=re.DOTALL) or "{{" not in payload


@pytest.mark.parametrize(
    ("language", "module", "line"),
    [("ko", "모듈 5: S3로 스토리지 솔루션 개발", 7), ("en", "Module 5: Developing Storage Solutions with S3", 9)],
)
def test_each_language_has_its_own_module_name_and_counts_its_sources_from_one(
    desk: FaqService, student: TestClient, language: str, module: str, line: int
) -> None:
    cited = (replace(citation(1), first_line=7, last_line=7), replace(citation(2), first_line=9, last_line=9))
    stored = "모듈 5: S3로 스토리지 솔루션 개발"
    entry_of(
        desk, Entry(0, "", None, stored, "질문", "Question", "답 [1]", "Answer [2]", cited, True, True, False, 0, 0, 0)
    )
    page = student.get("/faq", headers={"Accept-Language": language}).text
    assert f"<h2>{module}</h2>" in page
    assert re.search(rf'#L{line}-L{line}">\[1\]</a>', page)
    assert "[2]" not in page


def test_moving_an_entry_up_pinning_exporting_and_deleting(desk: FaqService, instructor: TestClient) -> None:
    texts = Entry(0, "", None, "", "첫째", "", "가", "", (), True, False, False, 0, 0, 0)
    one, two = entry_of(desk, texts), entry_of(desk, replace(texts, question_ko="둘째"))
    instructor.post(f"/instructor/entries/{two.identifier}/up")
    with desk.database.reading() as connection:
        assert [entry.identifier for entry in read_entries(connection)] == [two.identifier, one.identifier]
    assert "둘째" in instructor.get("/instructor/export/faq.csv").text
    assert instructor.get("/instructor/export/faq.exe").status_code == 404
    instructor.post(f"/instructor/entries/{two.identifier}/delete")
    assert instructor.get(f"/instructor/entries/{two.identifier}").status_code == 404
