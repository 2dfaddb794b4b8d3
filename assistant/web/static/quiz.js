// The practice page: keeps the running quiz and the reviews in the browser; the server makes, grades and words.
(() => {
  const root = document.getElementById("quiz");
  const texts = JSON.parse(root.dataset.texts);
  const RUN = "notes-quiz", MEMORY = "notes-quiz-memory";
  const at = (id) => document.getElementById(id);
  const stored = (key) => { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } };
  const keep = (key, value) => value ? localStorage.setItem(key, JSON.stringify(value)) : localStorage.removeItem(key);

  function tell(text) { at("quiz-status").textContent = text; at("quiz-status").hidden = !text; }

  async function post(path, body) {
    try {
      const response = await fetch(path, {
        method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
      });
      if (response.ok) return await response.json();
      tell((await response.json()).detail ?? texts.failed);
    } catch { tell(texts.failed); }
    return null;
  }

  function button(text, html) {
    const made = document.createElement("button");
    made.type = "button"; made.className = "button"; made.textContent = text;
    if (html) made.innerHTML = html;  // rendered by the server
    made.addEventListener("click", () => answer(text));
    return made;
  }

  function show(run, focus = true) {
    at("quiz-setup").hidden = true;
    at("quiz-run").hidden = false;
    at("quiz-message").innerHTML = run.html;  // rendered by the server, where raw HTML is text
    at("quiz-message").classList.toggle("has-options", run.options.length > 0);
    at("quiz-progress").max = run.total;
    at("quiz-progress").value = run.position;
    at("quiz-source").hidden = !run.source;
    if (run.source) at("quiz-source").href = run.source;
    at("quiz-options").replaceChildren(...run.options.map((option, place) => button(option, run.labels?.[place])));
    at("quiz-commands").replaceChildren(...run.commands.map((command) => button(command)));
    at("quiz-answer").hidden = run.finished || run.options.length > 0;
    at("quiz-end").hidden = !run.finished;
    at("quiz-text").value = "";
    if (focus) (run.options.length || run.finished ? at("quiz-message") : at("quiz-text")).focus();
  }

  function accept(run) {
    if (!run) return;
    if (run.memory) { keep(MEMORY, run.memory); refreshDue(); }
    if (!run.session) { tell(run.notice); return; }
    tell("");
    keep(RUN, run);
    show(run);
  }

  async function answer(text) {
    const run = stored(RUN);
    if (run && text.trim()) accept(await post("/quiz/reply", { session: run.session, text, memory: stored(MEMORY) }));
  }

  async function refreshDue() {
    const memory = stored(MEMORY);
    const told = memory ? await post("/quiz/due", { memory }) : { due: 0 };
    at("quiz-due-count").hidden = !told?.due;
    at("quiz-due-count").textContent = texts.due_count.replace("{count}", told?.due ?? 0);
  }

  function fields() { return Object.fromEntries(new FormData(at("quiz-setup"))); }

  at("quiz-setup").addEventListener("submit", async (event) => {
    event.preventDefault();
    const chosen = fields();
    accept(await post("/quiz/start", { ...chosen, count: Number(chosen.count) }));
  });
  at("quiz-due").addEventListener("click", async () => {
    const memory = stored(MEMORY);
    if (!memory) { tell(texts.nothing_due); return; }
    const chosen = fields();
    accept(await post("/quiz/start", { language: chosen.language, count: Number(chosen.count), memory }));
  });
  at("quiz-answer").addEventListener("submit", (event) => { event.preventDefault(); answer(at("quiz-text").value); });
  at("quiz-again").addEventListener("click", () => {
    keep(RUN, null);
    at("quiz-run").hidden = true; at("quiz-setup").hidden = false; at("quiz-start").focus();
  });

  function download(name, text, type) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type }));
    link.download = name;
    link.click();
    URL.revokeObjectURL(link.href);
  }
  for (const each of document.querySelectorAll("[data-format]")) {
    each.addEventListener("click", async () => {
      const file = await post("/quiz/export", { session: stored(RUN).session, format: each.dataset.format });
      if (file) download(file.name, file.text, file.type);
    });
  }
  at("quiz-print").addEventListener("click", async () => {
    const file = await post("/quiz/export", { session: stored(RUN).session, format: "markdown" });
    if (!file) return;
    at("quiz-sheet").innerHTML = file.html;  // rendered by the server, where raw HTML is text
    print();
  });
  at("memory-export").addEventListener("click", () =>
    download("quiz-reviews.json", JSON.stringify(stored(MEMORY) ?? { format: 1, cards: {} }), "application/json"));
  at("memory-delete").addEventListener("click", () => {
    if (!confirm(texts.memory_confirm)) return;
    keep(MEMORY, null);
    refreshDue();
    tell(texts.memory_deleted);
  });

  const run = stored(RUN);
  if (run?.session) show(run, false);
  refreshDue();
})();
