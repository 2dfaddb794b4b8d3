"""The kinds of fields that forms, paths and queries have, as FastAPI reads them: every text has passed the border."""

from typing import Annotated

from fastapi import Form, Path
from pydantic import AfterValidator

from index.border import MAX_NAME_CHARACTERS, mended

#: The databases number rows with 32 bits.
HIGHEST_NUMBER = 2**31 - 1
#: The number of a row in an address, and in a form.
Number = Annotated[int, Path(ge=0, le=HIGHEST_NUMBER)]
FormNumber = Annotated[int, Form(ge=0, le=HIGHEST_NUMBER)]
FormText = Annotated[str, AfterValidator(mended), Form()]
FormName = Annotated[str, AfterValidator(mended), Form(max_length=MAX_NAME_CHARACTERS)]
