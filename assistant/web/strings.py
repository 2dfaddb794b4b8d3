"""The one catalogue of everything that the pages say, in Korean and in English; knows no page."""

from collections.abc import Mapping
from pathlib import Path

from index.language.languages import LANGUAGES
from index.safe_yaml import parse_yaml

CATALOGUE = Path(__file__).with_name("strings.yaml")


class Strings(Mapping[str, str]):
    """The strings of one interface language, by key such as ``chat.placeholder``."""

    def __init__(self, language: str, texts: Mapping[str, str]) -> None:
        self.language = language
        self._texts = dict(texts)

    def __getitem__(self, key: str) -> str:
        """Return the text of ``key``; an unknown key is a mistake in the program and raises ``KeyError``."""
        return self._texts[key]

    def __iter__(self):  # noqa: ANN204 - Mapping says Iterator[str]
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)

    def format(self, key: str, **values: object) -> str:
        """Return the text of ``key`` with its ``{names}`` filled in.

        Where there is a text ``key_one``, it stands for a ``count`` of one.
        """
        one = f"{key}_one"
        if values.get("count") == 1 and one in self._texts:
            key = one
        return self._texts[key].format(**values)

    def section(self, prefix: str) -> dict[str, str]:
        """Return the texts whose key starts with ``prefix`` and a dot, by what follows it."""
        start = f"{prefix}."
        return {key.removeprefix(start): text for key, text in self._texts.items() if key.startswith(start)}


def load_strings(path: Path = CATALOGUE) -> dict[str, Strings]:
    """Return the catalogue by language.

    :raises ValueError: If a text is missing in one of the languages; the message names its key.
    """
    rows: dict[str, dict[str, str]] = {}
    for group, entries in parse_yaml(path.read_text(encoding="utf-8")).items():
        for name, texts in entries.items():
            key = f"{group}.{name}"
            if set(texts) != set(LANGUAGES):
                raise ValueError(f"{key} must be given in {' and '.join(LANGUAGES)}.")
            rows[key] = texts
    return {
        language: Strings(language, {key: texts[language] for key, texts in rows.items()}) for language in LANGUAGES
    }
