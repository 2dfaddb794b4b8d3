// Marks the lines that an address such as #L12-L15 names, in the notes page and in the source panel.
window.notesLines = {
  parse(hash) {
    const match = /^#L(\d+)(?:-L(\d+))?$/.exec(hash);
    if (!match) return null;
    const first = Number(match[1]);
    return { first, last: Math.max(first, Number(match[2] || first)) };
  },
  mark(root, range) {
    for (const marked of root.querySelectorAll(".quoted")) marked.classList.remove("quoted");
    if (!range) return null;
    let top = null;
    for (const line of root.querySelectorAll("[data-l]")) {
      const first = Number(line.dataset.l), last = Number(line.dataset.end || first);
      if (first > range.last || last < range.first) continue;
      line.classList.add("quoted");
      top = top || line;
    }
    top?.scrollIntoView({ block: "center" });
    return top;
  },
};
