"""The look of the Gradio pages: our own theme over Gradio's, with the colours that ``site.css`` defines."""

from gradio.themes import Base

FONTS = (
    "Pretendard",
    "Apple SD Gothic Neo",
    "Noto Sans KR",
    "Noto Sans CJK KR",
    "Malgun Gothic",
    "system-ui",
    "sans-serif",
)
MONOSPACED = ("ui-monospace", "SFMono-Regular", "Menlo", "Consolas", "D2Coding", "Noto Sans Mono CJK KR", "monospace")
#: Gradio's variables and those of ours that they follow; ours change with light and dark.
COLOURS = {
    "body_background_fill": "page",
    "body_text_color": "ink",
    "body_text_color_subdued": "muted",
    "background_fill_primary": "surface",
    "background_fill_secondary": "page",
    "block_background_fill": "surface",
    "block_border_color": "line",
    "block_label_text_color": "muted",
    "block_title_text_color": "muted",
    "border_color_primary": "line",
    "border_color_accent": "accent",
    "color_accent": "accent",
    "color_accent_soft": "accent-soft",
    "link_text_color": "accent",
    "link_text_color_hover": "accent",
    "link_text_color_visited": "accent",
    "link_text_color_active": "accent",
    "input_background_fill": "surface",
    "input_border_color": "edge",
    "input_border_color_focus": "accent",
    "input_placeholder_color": "muted",
    "button_primary_background_fill": "accent",
    "button_primary_background_fill_hover": "accent-strong",
    "button_primary_text_color": "accent-ink",
    "button_secondary_background_fill": "surface",
    "button_secondary_background_fill_hover": "accent-soft",
    "button_secondary_border_color": "edge",
    "button_secondary_text_color": "ink",
    "button_cancel_background_fill": "surface",
    "button_cancel_text_color": "ink",
    "checkbox_background_color_selected": "accent",
    "checkbox_label_background_fill": "surface",
    "checkbox_label_text_color": "ink",
}


def create_theme() -> Base:
    """Return the theme. It names only fonts that are on the student's device, so nothing is fetched."""
    theme = Base(
        primary_hue="teal", neutral_hue="stone", radius_size="lg", text_size="md", font=FONTS, font_mono=MONOSPACED
    )
    values = {f"{name}{mode}": f"var(--{colour})" for name, colour in COLOURS.items() for mode in ("", "_dark")}
    known = {name: value for name, value in values.items() if hasattr(theme, name)}
    return theme.set(**known, block_border_width="0px", block_shadow="none")
