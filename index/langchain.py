"""Shows the index to LangChain: as embeddings and as a retriever of documents with their place. Knows no chat model."""

import asyncio
from collections.abc import Sequence

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict, Field

from index.course_index import CourseIndex
from index.encoding.encoder import Encoder
from index.records import Hit


class NotesEmbeddings(Embeddings):
    """The encoder as LangChain embeddings, with the model's prompts for passages and questions."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Return one vector of unit length a text."""
        return self._encoder.encode_passages(texts).tolist() if texts else []

    def embed_query(self, text: str) -> list[float]:
        """Return the vector of a question, of unit length."""
        return self._encoder.encode_questions([text])[0].tolist()

    async def aembed_documents(self, texts: list[str]) -> list[list[float]]:
        """Return :meth:`embed_documents` from a thread."""
        return await asyncio.to_thread(self.embed_documents, texts)

    async def aembed_query(self, text: str) -> list[float]:
        """Return :meth:`embed_query` from a thread."""
        return await asyncio.to_thread(self.embed_query, text)


class NotesRetriever(BaseRetriever):
    """Sections of the notes as documents, best first.

    A document's text is the section verbatim; its metadata says where it stands and how near it is:
    ``file``, ``module``, ``heading``, ``heading_path``, ``language``, ``first_line``, ``last_line``, ``score`` and
    ``grounded``, the decision whether the notes answer the question.

    :param count: The most documents to return.
    :param module: Only this module, by its name or what stands before its colon.
    :param only_grounded: Return nothing where the notes don't answer.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    course_index: CourseIndex = Field(exclude=True, repr=False)
    count: int = Field(default=4, ge=1)
    module: str | None = None
    only_grounded: bool = False

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        """Return documents for ``query``.

        :raises QuestionError: If the question is empty or too long.
        """
        del run_manager
        result = self.course_index.search(query, self.count, self.module)
        if self.only_grounded and not result.decision.grounded:
            return []
        return documents(result.hits, grounded=result.decision.grounded)


def documents(hits: Sequence[Hit], *, grounded: bool) -> list[Document]:
    """Return ``hits`` as LangChain documents; their ``id`` is file and lines, so that equal texts stay apart."""
    return [
        Document(
            id=f"{hit.section.file}:{hit.section.first_line}-{hit.section.last_line}",
            page_content=hit.text,
            metadata={
                "file": hit.section.file,
                "module": hit.section.module,
                "heading": hit.section.heading,
                "heading_path": list(hit.section.heading_path),
                "language": hit.section.language,
                "first_line": hit.section.first_line,
                "last_line": hit.section.last_line,
                "score": hit.score,
                "grounded": grounded,
            },
        )
        for hit in hits
    ]
