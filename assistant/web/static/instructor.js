// The instructor's pages: shows how far the notes are read, loads drafted answers when they are opened, copies snippets,
// and sees to it that nothing that is being written is lost.
(() => {
  const status = document.getElementById("reading");
  async function follow() {
    let state;
    try { state = await (await fetch("/instructor/content/state")).json(); } catch { setTimeout(follow, 2000); return; }
    if (!state.busy) { location.reload(); return; }
    const bar = document.querySelector("progress.reading");
    if (state.total) {
      bar.max = state.total;
      bar.value = state.done;
      status.textContent = status.dataset.text.replace("{done}", state.done).replace("{total}", state.total);
    }
    setTimeout(follow, 600);
  }
  if (status) follow();

  for (const details of document.querySelectorAll("details[data-from]")) {
    details.addEventListener("toggle", async () => {
      const place = details.querySelector(".drafted");
      if (!details.open || place.dataset.loaded) return;
      place.dataset.loaded = "yes";
      const response = await fetch(details.dataset.from);
      if (response.ok) place.innerHTML = await response.text();
      else { place.textContent = details.dataset.failed; delete place.dataset.loaded; }
    });
  }
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("button[data-copy]");
    if (!button) return;
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
    button.textContent = button.dataset.copied;
  });

  const form = document.querySelector("form[data-guard]");
  if (form) guard(form);

  // Leaving with something unsaved asks first; and until it is saved, this tab keeps it: a session that ended, a server
  // that is down or a "back" too many costs nothing. What is kept was written on one version and goes back only there.
  function guard(form) {
    const key = `notes_entry_${form.dataset.guard}`, notice = document.getElementById("kept");
    const texts = () => JSON.stringify([...new FormData(form)]);
    const saved = "unsaved" in form.dataset ? "" : texts();
    const isDirty = () => texts() !== saved;
    let leaving = false;

    const kept = Object.fromEntries(JSON.parse(sessionStorage.getItem(key) || "[]"));
    if (saved && kept.version === form.elements.version.value) {
      for (const [name, value] of Object.entries(kept)) form.elements[name].value = value;
      notice.hidden = !isDirty();
    }
    document.getElementById("drop-kept").addEventListener("click", () => {
      sessionStorage.removeItem(key);
      leaving = true;
      location.reload();
    });
    const keep = () => (isDirty() ? sessionStorage.setItem(key, texts()) : sessionStorage.removeItem(key));
    keep();
    form.addEventListener("input", keep);
    addEventListener("pageshow", () => { leaving = false; });
    addEventListener("beforeunload", (event) => {
      if (leaving || !isDirty()) return;
      event.preventDefault();
      event.returnValue = "";
    });
    const mayLeave = (event) => {
      if (isDirty() && !confirm(form.dataset.leave)) { event.preventDefault(); event.stopPropagation(); } else leaving = true;
    };
    document.addEventListener("submit", (event) => { if (event.target === form) leaving = true; else mayLeave(event); }, { capture: true });
    document.addEventListener("click", (event) => {
      const link = event.target.closest("a[href]");
      const elsewhere = !link || link.target || link.hasAttribute("download") || event.ctrlKey || event.metaKey || event.shiftKey;
      if (!elsewhere && link.pathname + link.search !== location.pathname + location.search) mayLeave(event);
    }, { capture: true });
  }
})();
