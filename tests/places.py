"""Where things stand in the project, for tests in any folder."""

from pathlib import Path

ROOT = Path(__file__).parent.parent
CONTENT = ROOT / "content"
DATA = ROOT / "tests" / "data"
