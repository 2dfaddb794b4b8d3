"""What names and passwords of accounts may be, wherever one is set; knows no database and hashes nothing."""

SHORTEST_PASSWORD = 8
LONGEST_PASSWORD = 1024
_LONGEST_NAME = 64


def password_trouble(password: str) -> str:
    """Return in one sentence why ``password`` cannot be used, empty if it can."""
    if len(password) < SHORTEST_PASSWORD:
        return f"A password has at least {SHORTEST_PASSWORD} characters."
    if len(password) > LONGEST_PASSWORD:
        return f"A password has at most {LONGEST_PASSWORD:,} characters."
    return "" if _is_text(password) else "A password consists of characters that can be written as UTF-8."


def name_trouble(name: str) -> str:
    """Return in one sentence why ``name`` cannot be that of an account, empty if it can."""
    usable = name and name == name.strip() and name.isprintable() and _is_text(name) and len(name) <= _LONGEST_NAME
    return "" if usable else f"A name has 1 to {_LONGEST_NAME} characters and no space around it."


def _is_text(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:  # half of a surrogate pair
        return False
    return True
