"""The bundled encoder in ONNX Runtime against the same weights in PyTorch, loaded by sentence-transformers."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from sentence_transformers import SentenceTransformer

from index import Encoder
from index.course_index import ENCODER_CACHE
from index.encoding.bundled_encoder import (
    FOLDER_NAME,
    MODEL_FILE,
    PROMPTS,
    TOKENIZER_FILE,
    WEIGHTS_SHA256,
    parse,
    weights_path,
)
from index.encoding.onnx_encoder import DamagedModelError, OnnxEncoder
from index.encoding.onnx_network import WEIGHTS_FILE
from tests.helpers.torch_encoder import sentence_transformer
from tests.places import ROOT

pytestmark = pytest.mark.slow

TEXTS = [
    "CloudTrail 기록은 며칠 보관돼?",
    "How long are CloudTrail events kept?",
    "S3",
    "",
    "   \n\t ",
    " 앞뒤 공백 ",
    "ＥＣ２　전각",
    "👩‍💻 emoji \u200b zero width",
    "nul \x00 byte",
    "`aws s3 cp a.txt s3://bucket/`",
]


@pytest.fixture(scope="module")
def folder(encoder: Encoder, data_dir: Path) -> Path:
    """The folder of the converted bundled model."""
    return data_dir / ENCODER_CACHE / f"{FOLDER_NAME}-{WEIGHTS_SHA256[:12]}"


LONG = ["아주 긴 문장입니다. " * 100, "word " * 511]


@pytest.fixture(scope="module")
def theirs(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> SentenceTransformer:
    """The same weights in PyTorch."""
    path = weights_path()
    assert path is not None
    return sentence_transformer(parse(path.read_bytes()), folder, tmp_path_factory.mktemp("torch"))


@pytest.mark.parametrize("prompt", ["query", "passage"])
def test_the_vectors_are_those_of_pytorch(prompt: str, encoder: Encoder, theirs: SentenceTransformer) -> None:
    encode = encoder.encode_questions if prompt == "query" else encoder.encode_passages
    expected = np.concatenate(
        [theirs.encode([text], prompt=PROMPTS[prompt], normalize_embeddings=True) for text in TEXTS + LONG]
    )
    alone = np.concatenate([encode([text]) for text in TEXTS + LONG])
    assert np.sum(alone * expected, axis=1).min() > 0.9995
    assert np.linalg.norm(alone, axis=1) == pytest.approx(np.ones(len(alone)), abs=1e-5)
    together = encode(TEXTS)  # padded to the longest
    assert np.sum(together * alone[: len(TEXTS)], axis=1).min() > 0.99999


@pytest.mark.parametrize("name", [MODEL_FILE, WEIGHTS_FILE, TOKENIZER_FILE])
@pytest.mark.parametrize("harm", ["missing", "empty", "foreign"])
def test_a_damaged_file_is_told(name: str, harm: str, folder: Path, tmp_path: Path) -> None:
    for path in folder.glob("*.*"):
        (tmp_path / path.name).symlink_to(path)
    (tmp_path / name).unlink()
    if harm != "missing":
        (tmp_path / name).write_bytes(b"" if harm == "empty" else b'{"hidden_size": 384}')
    with pytest.raises(DamagedModelError):
        OnnxEncoder(tmp_path, "any")


def test_the_bundled_encoder_loads_without_the_slow_imports(folder: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from index import load_encoder\n"
        "load_encoder('bundled', Path(sys.argv[1])).encode_questions(['S3'])\n"
        "print([name for name in ('torch', 'sentence_transformers', 'transformers', 'sklearn', 'onnx') if name in sys.modules])\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", program, str(folder.parent)], capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert run.stdout == "[]\n", run.stderr
