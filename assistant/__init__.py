"""From hits to answers, quizzes and FAQ entries, each citing the notes."""
