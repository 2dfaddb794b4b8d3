"""The Markdown of documentation sites and computational notebooks: MkDocs, Docusaurus, MyST, Hugo, Jekyll, Quarto."""
