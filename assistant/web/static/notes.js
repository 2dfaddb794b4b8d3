// The notes page: marks the lines of the address, links on headings, the other edition at the same section, search.
(() => {
  const strings = JSON.parse(document.getElementById("notes-strings").textContent);
  const article = document.querySelector(".note");
  const SEARCH_DELAY_MS = 150;

  function followAddress() {
    notesLines.mark(article, notesLines.parse(location.hash));
    document.querySelector(".tree [aria-current='location']")?.removeAttribute("aria-current");
    document.querySelector(`.tree a[href="${CSS.escape(location.hash)}"]`)?.setAttribute("aria-current", "location");
  }
  addEventListener("hashchange", followAddress);

  const headings = [...article.querySelectorAll("[id^='L']")];
  for (const heading of headings) {
    const link = document.createElement("a");
    link.className = "anchor";
    link.href = `#${heading.id}`;
    link.textContent = "#";
    link.setAttribute("aria-label", strings.link.replace("{heading}", heading.textContent));
    heading.append(link);
  }

  const edition = document.getElementById("edition-switch");
  edition?.addEventListener("click", () => {
    const paired = JSON.parse(edition.dataset.lines);
    // The section that the address names; without one, the section that is being read.
    const range = notesLines.parse(location.hash);
    const isAbove = range
      ? (heading) => Number(heading.id.slice(1)) <= range.first
      : (heading) => scrollY > 0 && heading.getBoundingClientRect().top < innerHeight / 2;
    const line = paired[headings.filter(isAbove).at(-1)?.id.slice(1)];
    edition.hash = line ? `#L${line}` : "";
  });

  const box = document.getElementById("notes-search");
  const list = document.getElementById("notes-results");
  const count = document.getElementById("notes-found");
  let timer = 0, latest = 0;
  function item(result) {
    const row = document.createElement("li");
    const link = row.appendChild(document.createElement("a"));
    link.href = result.url;
    for (const [name, text] of [["heading", result.heading], ["module", result.module], ["text", result.text]]) {
      const part = link.appendChild(document.createElement("span"));
      part.className = name;
      part.textContent = text;
    }
    return row;
  }
  async function search() {
    const words = box.value.trim(), number = ++latest;
    if (!words) { list.replaceChildren(); count.textContent = ""; return; }
    const address = `/search-notes?q=${encodeURIComponent(words)}&language=${box.dataset.language}`;
    const response = await fetch(address).catch(() => null);
    if (number !== latest || !response?.ok) return;
    const { results } = await response.json();
    if (number !== latest) return;
    list.replaceChildren(...results.map(item));
    count.textContent = results.length ? strings.results.replace("{count}", results.length) : strings.no_results;
  }
  box.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(search, SEARCH_DELAY_MS); });
  addEventListener("keydown", (event) => {
    if (event.key === "/" && !event.target.closest("input, textarea")) { event.preventDefault(); box.focus(); }
    if (event.key === "Escape" && event.target === box) { box.value = ""; search(); }
  });
  if (matchMedia("(max-width: 900px)").matches) document.querySelector(".tree").open = false;
  followAddress();
  document.addEventListener("notes:typeset", followAddress, { once: true }); // formulas have moved the lines
})();
