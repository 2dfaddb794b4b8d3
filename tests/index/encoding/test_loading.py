"""Loading encoders: the real bundled one, others by folder, and what fails."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from sentence_transformers import SentenceTransformer

from index import Encoder
from index.course_index import ENCODER_CACHE
from index.encoding import bundled_encoder
from index.encoding import loading as encoder_module
from index.encoding.bundled_encoder import FOLDER_NAME, WEIGHTS_SHA256
from index.encoding.loading import SentenceTransformerEncoder, has_fast_bfloat16, load_encoder
from index.errors import EncoderUnavailableError
from tests.helpers.torch_encoder import sentence_transformer
from tests.places import ROOT

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def converted(encoder: Encoder, data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of a sentence-transformers model: the bundled one in PyTorch."""
    path, folder = bundled_encoder.weights_path(), tmp_path_factory.mktemp("model")
    assert path is not None
    bundled = data_dir / ENCODER_CACHE / f"{FOLDER_NAME}-{WEIGHTS_SHA256[:12]}"
    sentence_transformer(bundled_encoder.parse(path.read_bytes()), bundled, folder)
    return folder


def test_vectors_are_unit_rows_in_the_order_of_the_texts(encoder: Encoder) -> None:
    texts = ["S3는 객체를 저장합니다.", "A much longer text about something else. " * 9, "EBS"]
    together = encoder.encode_passages(texts)
    assert together.shape == (3, encoder.width) == (3, 384)
    assert together.dtype == np.float32
    assert np.allclose(np.linalg.norm(together, axis=1), 1.0, atol=1e-2)
    alone = np.concatenate([encoder.encode_passages([text]) for text in texts])
    assert np.all(np.sum(together * alone, axis=1) > 0.995)


@pytest.mark.parametrize(
    ("question", "near", "far"),
    [
        pytest.param("객체 저장소는 무엇인가요?", "S3는 객체 스토리지입니다.", "점심은 김치찌개입니다.", id="korean"),
        pytest.param("What stores objects?", "S3 is an object store.", "Lunch was a stew.", id="english"),
        pytest.param(
            "What is an access key?", "액세스 키는 자격 증명입니다.", "오늘은 비가 옵니다.", id="across-languages"
        ),
    ],
)
def test_what_answers_is_nearer_than_what_does_not(question: str, near: str, far: str, encoder: Encoder) -> None:
    vector = encoder.encode_questions([question])[0]
    close, distant = encoder.encode_passages([near, far]) @ vector
    assert close > distant + 0.02


def test_questions_and_passages_carry_their_own_prompts(encoder: Encoder, converted: Path) -> None:
    model = SentenceTransformer(str(converted), device="cpu", local_files_only=True)
    text = "S3 버킷"
    plain = [model.encode([f"{prompt}: {text}"], normalize_embeddings=True)[0] for prompt in ("query", "passage")]
    asked, kept = encoder.encode_questions([text])[0], encoder.encode_passages([text])[0]
    assert asked @ plain[0] > 0.995
    assert kept @ plain[1] > 0.995
    assert asked @ plain[0] > asked @ plain[1]


def test_progress_is_told_of_every_text_once(encoder: Encoder) -> None:
    seen: list[int] = []
    encoder.encode_passages([f"text {number}" for number in range(40)], seen.append)
    assert sum(seen) == 40
    assert len(seen) == 2


def test_no_texts_are_no_rows(encoder: Encoder) -> None:
    assert encoder.encode_passages([]).shape == (0, 384)


def test_the_bundled_encoder_is_known_by_the_checksum_of_its_weights(encoder: Encoder) -> None:
    assert encoder.fingerprint == f"bundled:{WEIGHTS_SHA256[:16]}"


def test_a_folder_is_loaded_as_any_model_and_known_by_its_weights(converted: Path, encoder: Encoder) -> None:
    other = load_encoder(str(converted), Path("unused"))
    assert other.fingerprint.startswith(f"{converted}:")
    assert other.fingerprint == load_encoder(str(converted), Path("unused")).fingerprint
    assert other.encode_questions(["S3"])[0] @ encoder.encode_questions(["S3"])[0] > 0.995


def test_an_unknown_folder_or_model_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(EncoderUnavailableError, match="cannot be loaded") as caught:
        load_encoder(str(empty), tmp_path)
    assert "empty" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_package_that_is_missing_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    with pytest.raises(EncoderUnavailableError, match="A package is missing for the encoder"):
        load_encoder(str(tmp_path), tmp_path)


def test_without_the_wheel_the_same_model_comes_from_the_hub_with_its_prompts(
    converted: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bundled_encoder, "weights_path", lambda: None)
    monkeypatch.setattr(encoder_module, "HUB_TWIN", str(converted))  # stands for the hub, which tests do not ask
    twin = load_encoder("bundled", Path("unused"))
    assert isinstance(twin, SentenceTransformerEncoder)
    assert twin.fingerprint.startswith(str(converted))


def test_fast_bfloat16_is_told_by_the_processor(monkeypatch: pytest.MonkeyPatch) -> None:
    flags = Path("/proc/cpuinfo").read_text(encoding="utf-8").split() if Path("/proc/cpuinfo").exists() else []
    if not {"avx512_bf16", "amx_bf16"} & set(flags):
        assert has_fast_bfloat16() is False
    monkeypatch.setattr(encoder_module, "Path", lambda _: Path("no/such/file"))
    assert has_fast_bfloat16() is False


def test_the_bundled_encoder_asks_nothing_of_a_network(encoder: Encoder, data_dir: Path) -> None:
    program = (
        "import socket, sys\n"
        "def refuse(*_, **__): raise SystemExit('asked the network')\n"
        "socket.socket.connect = socket.getaddrinfo = refuse\n"
        "from pathlib import Path\n"
        "from index import load_encoder\n"
        "print(load_encoder('bundled', Path(sys.argv[1])).encode_questions(['S3']).shape)\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", program, str(data_dir / ENCODER_CACHE)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    assert run.stdout == "(1, 384)\n", run.stderr
