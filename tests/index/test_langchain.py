import asyncio

import numpy as np
import pytest
from langchain_core.runnables import RunnableLambda
from langchain_core.vectorstores import InMemoryVectorStore

from index import CourseIndex, Encoder, QuestionError
from index.langchain import NotesEmbeddings, NotesRetriever


@pytest.mark.parametrize(
    ("question", "language", "phrase"),
    [
        pytest.param("CloudTrail 기록은 며칠 보관돼?", "ko", "90일", id="korean"),
        pytest.param("How long are CloudTrail events kept?", "en", "90 days", id="english"),
    ],
)
def test_the_best_document_answers_and_says_where_it_stands(course_index, question, language, phrase):
    best = NotesRetriever(course_index=course_index).invoke(question)[0]
    assert phrase in best.page_content
    assert best.metadata["language"] == language
    assert best.metadata["grounded"] is True
    note = course_index.note(best.metadata["file"])
    assert note.quote(best.metadata["first_line"], best.metadata["last_line"]) == best.page_content


def test_documents_are_those_of_a_search_in_order(course_index: CourseIndex):
    found = NotesRetriever(course_index=course_index, count=7).invoke("What is IAM?")
    hits = course_index.search("What is IAM?", 7).hits
    assert [document.metadata["score"] for document in found] == [hit.score for hit in hits]
    assert len({document.id for document in found}) == 7


def test_a_module_limits_what_is_retrieved(course_index: CourseIndex):
    found = NotesRetriever(course_index=course_index, module="Module 3").invoke("What is a policy?")
    assert found
    assert {document.metadata["module"].partition(":")[0] for document in found} == {"Module 3"}


def test_only_grounded_returns_nothing_where_the_notes_are_silent(course_index: CourseIndex):
    question = "DynamoDB 파티션 키는?"
    assert NotesRetriever(course_index=course_index).invoke(question)
    assert NotesRetriever(course_index=course_index, only_grounded=True).invoke(question) == []


def test_an_empty_question_is_an_error_and_not_an_empty_list(course_index: CourseIndex):
    with pytest.raises(QuestionError):
        NotesRetriever(course_index=course_index).invoke("  ?")


def test_a_retriever_works_in_a_chain_and_asynchronously(course_index: CourseIndex):
    chain = NotesRetriever(course_index=course_index, count=1) | RunnableLambda(
        lambda found: found[0].metadata["module"]
    )
    assert asyncio.run(chain.ainvoke("CloudTrail 기록은 며칠 보관돼?")).startswith("모듈 1")


def test_embeddings_are_the_encoders_vectors(encoder: Encoder):
    embeddings = NotesEmbeddings(encoder)
    texts = ["S3 is object storage.", "버킷은 객체를 담습니다."]
    np.testing.assert_array_equal(np.float32(embeddings.embed_documents(texts)), encoder.encode_passages(texts))
    np.testing.assert_array_equal(np.float32(embeddings.embed_query("S3?")), encoder.encode_questions(["S3?"])[0])
    assert embeddings.embed_documents([]) == []


def test_embeddings_serve_another_vector_store(encoder: Encoder):
    store = InMemoryVectorStore(NotesEmbeddings(encoder))
    asyncio.run(
        store.aadd_texts(["Buckets hold objects.", "사용자는 자격 증명으로 로그인합니다.", "Cats sleep all day."])
    )
    assert store.similarity_search("어떻게 로그인해?", k=1)[0].page_content.startswith("사용자는")
    assert asyncio.run(store.asimilarity_search("What do cats do?", k=1))[0].page_content.startswith("Cats")
