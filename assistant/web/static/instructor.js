// The instructor's pages: shows how far the notes are read, loads drafted answers when they are opened, copies snippets.
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
})();
