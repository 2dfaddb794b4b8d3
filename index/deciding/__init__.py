"""Whether the notes answer a question: signals, a logistic regression, small trees."""
