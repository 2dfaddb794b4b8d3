"""The bodies of the HTTP API, as OpenAPI describes them."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from assistant.records import AnswerKind
from index.border import MAX_NAME_CHARACTERS

MAX_HISTORY = 40


class EarlierQuestion(BaseModel):
    """An earlier turn. A whole answer of ``/api/ask`` may be sent back; only its question is read."""

    model_config = ConfigDict(extra="ignore")

    question: str


class AskRequest(BaseModel):
    """A question, with what was asked before it."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"question": "How long are CloudTrail events kept?", "language": "en"}]},
    )

    question: str = Field(description="The question, at most 2,000 characters.")
    history: list[EarlierQuestion] = Field(
        default_factory=list[EarlierQuestion],
        max_length=MAX_HISTORY,
        description="Earlier questions of the conversation, oldest first; a follow-up is understood through them.",
    )
    language: Literal["ko", "en"] | None = Field(
        default=None, description="The language of the answer; by default the question's."
    )
    module: str | None = Field(
        default=None, max_length=MAX_NAME_CHARACTERS, description="Answer only from this module, such as `Module 3`."
    )
    stream: bool = Field(default=False, description="Answer as server-sent events while the answer grows.")


class CitationBody(BaseModel):
    """Where quoted lines stand; `quote` equals the file's lines byte for byte."""

    marker: int
    module: str
    heading_path: list[str]
    file: str
    first_line: int
    last_line: int
    quote: str


class SuggestionBody(BaseModel):
    """A section near to a question that the notes do not answer."""

    module: str
    heading_path: list[str]
    file: str
    first_line: int
    last_line: int


class AnswerBody(BaseModel):
    """An answer. `grounded` is false where the notes don't say; then `suggestions` names the nearest sections.

    Only where `kind` is `answer` does a false `grounded` tell of a gap in the notes.
    """

    id: str | int | None = None
    question: str
    language: str
    grounded: bool
    answer: str = Field(description="Markdown; `[1]` is the marker of a citation.")
    citations: list[CitationBody]
    suggestions: list[SuggestionBody]
    absent: list[str] = Field(description="Words of the question that the notes never mention.")
    probability: float = Field(description="That the notes answer the question.")
    engine: str = Field(description="`extractive`, or the chat model's name.")
    seconds: float
    notice: str = Field(default="", description="A sentence about a trouble on the way, such as a chat model down.")
    standalone: str = Field(default="", description="The question as it was understood in its conversation.")
    kind: AnswerKind = Field(
        default=AnswerKind.ANSWER,
        description="What it is: lines that answer or that the notes don't say; a `summary`; a reply to `small_talk`; "
        "what the `course` has in place of what it has not; or that another module answers than the chosen one.",
    )
    offer: str = Field(default="", description="A question to go on with, which a plain yes asks.")
    provisional: bool = Field(
        default=False, description="Only in a stream: the notes' own lines, while a chat model words them."
    )


class ErrorBody(BaseModel):
    """What went wrong, in one sentence."""

    detail: str


class OpenAIError(BaseModel):
    """What went wrong, as OpenAI's clients read it."""

    message: str
    type: str
    param: str | None = None
    code: str | None = None


class OpenAIErrorBody(BaseModel):
    """The body of an error in OpenAI's protocol."""

    error: OpenAIError


class Health(BaseModel):
    """Whether questions can be answered."""

    status: Literal["ok", "loading", "error"]
    sections: int = 0
    engine: str = ""
    detail: str = ""


class ChatMessage(BaseModel):
    """A message of a chat; `content` is a text or a list of parts, of which texts are read."""

    model_config = ConfigDict(extra="ignore")

    role: str
    content: str | list[dict[str, Any]] | None = None

    @property
    def text(self) -> str:
        """The message as one text."""
        if isinstance(self.content, list):
            return "\n".join(str(part["text"]) for part in self.content if part.get("text"))
        return self.content or ""


class ChatRequest(BaseModel):
    """OpenAI's request for a chat completion; settings of sampling are accepted and have no effect."""

    model_config = ConfigDict(
        extra="ignore",
        json_schema_extra={
            "examples": [
                {"model": "ask-the-notes", "messages": [{"role": "user", "content": "CloudTrail 기록은 며칠 보관돼?"}]}
            ]
        },
    )

    model: str = Field(default="ask-the-notes", max_length=MAX_NAME_CHARACTERS)
    messages: list[ChatMessage] = Field(max_length=2 * MAX_HISTORY)
    stream: bool = False
