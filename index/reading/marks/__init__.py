"""What the Markdown parser learns beyond CommonMark that no translation could say: rules for marks within lines."""
