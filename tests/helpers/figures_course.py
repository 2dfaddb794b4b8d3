r"""A small course of maths, figures and links in both languages, for whoever looks at its pages."""

import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from assistant.faq.accounts.account_store import FIRST_NAME, set_password
from assistant.faq.records import Entry
from assistant.faq.service import ChatLog, FaqService
from assistant.faq.storage.cluster_store import read_summaries
from assistant.faq.storage.database import Database, database_url
from assistant.faq.storage.entry_store import save_entry
from assistant.serving.assistant import Assistant
from assistant.serving.service import AssistantService
from assistant.settings import Settings
from assistant.web.app_context import AppContext
from assistant.web.strings import load_strings
from index import open_or_build
from tests.helpers.fakes import HashingEncoder
from tests.helpers.faq_questions import answer

PASSWORD = "correct horse battery"
KOREAN = r"""# 모듈 1: 학습

## 경사 하강법

경사 하강법의 갱신식은 학습률 $\eta$와 기울기 $\nabla L(w_t)$로 다음과 같이 쓴다.

$$
w_{t+1} = w_t - \eta \, \frac{\partial L}{\partial w_t}
$$

- 학습률 $\eta$가 너무 크면 발산한다.
- 배치 크기는 $2^5$에서 $2^{10}$ 사이로 정하고, GPU 값은 시간당 $5 and $6 정도다.
- 읽을 수 없는 식은 $\frac{1$처럼 그대로 보인다.

![손실 곡선](figures/loss.png "학습률에 따른 손실")
![없는 그림](figures/none.png)

## 조건부 확률

| 식 | 이름 | 뜻 |
|---|---|---|
| $P(A|B)$ | 조건부 확률 | B가 일어났을 때 A의 확률 |
| $\frac{P(B|A)P(A)}{P(B)}$ | 베이즈 정리 | 사전 확률을 고친 확률 |

자세한 유도는 [행렬 미분](advanced/matrix.ko.md#야코비-행렬)에, 기초는 [같은 쪽](#경사-하강법)에 있고 [부록](없는글.md)은 없다.

```mermaid
flowchart LR
    A[입력] --> B[모델] --> C[손실]
```
"""
ENGLISH = r"""# Module 1: Learning

## Gradient descent

Gradient descent updates the weights with the learning rate $\eta$ and the gradient as follows.

$$
w_{t+1} = w_t - \eta \, \frac{\partial L}{\partial w_t}
$$

- A learning rate $\eta$ that is too large diverges.
- Batch sizes lie between $2^5$ and $2^{10}$, and a GPU costs $5 to $6 an hour.

![Loss curve](figures/loss.png "Loss by learning rate")
![A drawing](/assets/drawing.svg)

## Conditional probability

| Formula | Name | Meaning |
|---|---|---|
| $P(A|B)$ | conditional probability | how probable A is once B has happened |
| $\frac{P(B|A)P(A)}{P(B)}$ | Bayes' theorem | the prior, corrected |

The derivation is in [matrix calculus](advanced/matrix.en.md#jacobian-matrix), more at [a site](https://example.org/).
"""
MATRIX_KOREAN = "# 모듈 2: 행렬 미분\n\n## 야코비 행렬\n\n야코비 행렬은 $J_{ij} = \\partial f_i / \\partial x_j$이다.\n\n![행렬](../figures/loss.png)\n\n[학습](../learning.ko.md#조건부-확률)\n\n```mermaid\nflowchart LR\n  A --> --> [\n```\n"
MATRIX_ENGLISH = "# Module 2: Matrix calculus\n\n## Jacobian matrix\n\nThe Jacobian matrix is $J_{ij} = \\partial f_i / \\partial x_j$.\n\n![Matrix](../figures/loss.png)\n"
NOTES = {
    "learning.ko.md": KOREAN,
    "learning.en.md": ENGLISH,
    "advanced/matrix.ko.md": MATRIX_KOREAN,
    "advanced/matrix.en.md": MATRIX_ENGLISH,
}
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="200" height="120"><rect width="200" height="120" fill="teal"/><script>parent.hit=1</script></svg>'
FAQ_ANSWER = r"갱신식은 $w \leftarrow w - \eta g$입니다. [1]"


def png(width: int = 640, height: int = 400) -> bytes:
    """Return a picture of stripes."""
    rows = b"".join(b"\0" + bytes((x // 40 * 40 % 256, y * 255 // height, 120) [c] for x in range(width) for c in range(3)) for y in range(height))  # fmt: skip

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def write_course(folder: Path) -> None:
    """Write the notes and their figures."""
    for name, text in NOTES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    for name, data in {"figures/loss.png": png(), "assets/drawing.svg": SVG.encode()}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)


@contextmanager
def figures_site(folder: Path) -> Iterator[AppContext]:
    """Give a site over the course, with a published answer that holds a formula."""
    notes, data = folder / "notes", folder / "data"
    data.mkdir(parents=True)
    write_course(notes)
    settings = Settings(dir=notes, data_dir=data)
    index = open_or_build(settings, None, HashingEncoder(256))
    database = Database.open(database_url(None, data))
    set_password(database, FIRST_NAME, PASSWORD)
    with FaqService(database, lambda: index) as desk:
        service = AssistantService(lambda: Assistant(index))
        service.reload()
        desk.log.record(answer("갱신식이 뭐예요?", grounded=True))
        assert desk.settle()
        with desk.database.writing() as connection:
            group = read_summaries(connection, 0)[0].identifier
            texts = ("갱신식이 뭐예요?", "What is the update?", FAQ_ANSWER, r"It is $w \leftarrow w - \eta g$. [1]")
            save_entry(connection, Entry(0, "", group, "모듈 1", *texts, (), True, True, False, 0, 0, 0), 1)
        yield AppContext(service, settings, load_strings(), log=ChatLog(desk.log), faq=desk)
