"""The bundled encoder on PyTorch's layers against the same folder loaded by sentence-transformers."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from index import Encoder
from index.course_index import ENCODER_CACHE
from index.encoding.bert import BertEncoder, DamagedModelError
from index.encoding.bundled_encoder import FOLDER_NAME, PROMPTS, WEIGHTS_SHA256
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


@pytest.mark.parametrize(
    ("dtype", "texts", "furthest"),
    [
        pytest.param("float32", TEXTS + LONG, 1e-5, id="float32"),
        pytest.param("bfloat16", TEXTS, 0.02, id="bfloat16"),
    ],
)
def test_the_vectors_are_those_of_sentence_transformers(
    dtype: str, texts: list[str], furthest: float, folder: Path
) -> None:
    import torch
    from sentence_transformers import SentenceTransformer

    ours = BertEncoder(folder, "any", getattr(torch, dtype))
    theirs = SentenceTransformer(
        str(folder), device="cpu", local_files_only=True, model_kwargs={"dtype": getattr(torch, dtype)}
    )
    for prompt, encode in (("query", ours.encode_questions), ("passage", ours.encode_passages)):
        expected = np.concatenate(
            [theirs.encode([text], prompt=PROMPTS[prompt], normalize_embeddings=True) for text in texts]
        )
        alone = np.concatenate([encode([text]) for text in texts])
        assert np.abs(alone - expected).max() < furthest
        assert np.abs(encode(TEXTS) - alone[: len(TEXTS)]).max() < furthest  # padded to the longest


@pytest.mark.parametrize("name", ["model.safetensors", "tokenizer.json", "config.json"])
@pytest.mark.parametrize("harm", ["missing", "empty", "foreign"])
def test_a_damaged_file_is_told(name: str, harm: str, folder: Path, tmp_path: Path) -> None:
    for path in folder.glob("*.*"):
        (tmp_path / path.name).symlink_to(path)
    (tmp_path / name).unlink()
    if harm != "missing":
        (tmp_path / name).write_bytes(b"" if harm == "empty" else b'{"hidden_size": 384}')
    import torch

    with pytest.raises(DamagedModelError):
        BertEncoder(tmp_path, "any", torch.float32)


def test_the_bundled_encoder_loads_without_the_slow_imports(folder: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from index import load_encoder\n"
        "load_encoder('bundled', Path(sys.argv[1])).encode_questions(['S3'])\n"
        "print([name for name in ('sentence_transformers', 'transformers', 'sklearn') if name in sys.modules])\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", program, str(folder.parent)], capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert run.stdout == "[]\n", run.stderr
