"""What the command line says of what could not be read; the pages say it in both languages (``unread.*``)."""

from collections.abc import Sequence

from index.importing.documents import Unread

_PLACES_SHOWN = 12
UNREAD_SENTENCES = {
    "scanned": "Pictures of text, not read (install tesseract to read them): pages {places}.",
    "ocr": "Pictures of text, read by OCR, to be checked: pages {places}.",
    "ocr_failed": "Pictures in which OCR found no text: pages {places}.",
    "garbled": "Letters that the file does not name, so that words are missing: pages {places}.",
    "repeated": "Left out, as it stands on many pages: {detail}",
    "pictures": "Pictures without words that stand for them: {count}.",
    "hidden_slides": "Hidden slides, left out: {places}.",
    "hidden_sheets": "Hidden sheets, left out: {places}.",
    "formulas": "Formulas that were not read: {count}.",
    "no_values": "Cells whose formulas were never worked out: {count}.",
    "charts": "Charts that were not read: {count}.",
    "embedded": "Embedded objects (videos, files, drawings) that were not read: {count}.",
    "macros": "Macros were left out, and not run.",
    "comments": "Comments that were left out: {count}.",
    "scripts": "Scripts and forms of the page were left out: {count}.",
    "cut_outputs": "Outputs that were cut, as they are long: {count}.",
    "too_many_pages": "Pages after the first 1,000 were left out: {count}.",
    "too_many_rows": "Rows after the first {detail} of {places} were left out: {count}.",
    "other": "{detail}",
}


def unread_sentence(unread: Unread) -> str:
    """Return one sentence in English."""
    return UNREAD_SENTENCES[unread.kind].format(**unread_values(unread))


def unread_values(unread: Unread) -> dict[str, object]:
    """Return what sentences about ``unread`` name."""
    return {"places": shown_places(unread.places), "count": unread.count, "detail": unread.detail}


def shown_places(places: Sequence[str]) -> str:
    """Return places in a line: numbers that follow each other as a span, and only the first of many."""
    spans: list[str] = []
    start = end = None
    for place in [*places, ""]:
        number = int(place) if place.isdecimal() else None
        if start is not None and end is not None and number == end + 1:
            end = number
            continue
        if start is not None:
            spans.append(str(start) if start == end else f"{start}–{end}")
        start = end = number
        if number is None and place:
            spans.append(place)
    return ", ".join(spans) if len(spans) <= _PLACES_SHOWN else f"{', '.join(spans[:_PLACES_SHOWN])} …"
