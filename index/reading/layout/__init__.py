"""How a course lies in its folder: which files are notes, in what order, and what they and their modules are called."""
