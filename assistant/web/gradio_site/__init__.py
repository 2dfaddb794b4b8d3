"""What Gradio's pages need to stand in this site: import, theme, mounting, borders, tools over MCP."""
