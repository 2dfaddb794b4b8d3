// The source panel, and what Gradio's chat does not do by itself: copy, download, Esc.
(() => {
  const strings = JSON.parse(document.getElementById("chat-strings").textContent);
  const panel = document.getElementById("source-panel");
  const body = document.getElementById("source-panel-body");
  const title = document.getElementById("source-panel-title");
  let opener = null;

  async function openPanel(link) {
    const url = new URL(link.href);
    const range = notesLines.parse(url.hash);
    if (!panel.contains(link)) opener = link;
    panel.hidden = false;
    document.documentElement.classList.add("with-panel");
    try {
      const response = await fetch(`/panel${url.pathname.slice("/notes".length)}?first=${range.first}&last=${range.last}`);
      if (!response.ok) throw new Error(response.statusText);
      body.innerHTML = await response.text();
      notesLines.mark(body, range);
    } catch {
      body.textContent = strings.panel_failed;
    }
    title.focus({ preventScroll: true });
  }
  function closePanel() {
    if (panel.hidden) return false;
    panel.hidden = true;
    document.documentElement.classList.remove("with-panel");
    if (opener && opener.isConnected) opener.focus();
    return true;
  }
  document.getElementById("source-panel-close").addEventListener("click", closePanel);
  document.addEventListener("click", (event) => {
    const link = event.target.closest(':is(#chat, #source-panel) a[href^="/notes/"]:not(.button)');
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    openPanel(link);
  });
  document.addEventListener("click", async (event) => {
    const button = event.target.closest(".copy-answer");
    if (!button) return;
    const parts = button.closest(".answer").querySelectorAll(".body, .sources li");
    await navigator.clipboard.writeText([...parts].map(notesMaths.text).join("\n"));
    button.textContent = strings.copied;
    setTimeout(() => { button.textContent = strings.copy; }, 2000);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.isComposing) return;
    if (!closePanel()) document.querySelector("#question .stop-button")?.click();
  });
  notesReady.then(() => whenThere("#welcome", (button) => button.click()));
  document.addEventListener("click", (event) => {
    const asked = event.target.closest("#delete-all") ? strings.delete_all_confirm
      : event.target.closest(".delete-conversation") ? strings.delete_confirm : "";
    if (asked && !confirm(asked)) event.stopPropagation();
  }, { capture: true });
  document.addEventListener("notes:reconnected", () => {
    // An answer that was under way was lost with the connection; a finished conversation needs nothing.
    if (document.querySelector("#question .stop-button")) whenThere("#resume", (button) => button.click());
  });

  // Gradio's page belongs to the server that it came from: a restarted one gets a new page, with the draft in it.
  document.addEventListener("notes:restarted", () => {
    sessionStorage.setItem("notes_draft", document.querySelector("#question textarea")?.value || "");
    location.reload();
  });
  const draft = sessionStorage.getItem("notes_draft");
  sessionStorage.removeItem("notes_draft");
  if (draft) whenThere("#question textarea", (box) => {
    box.value = draft;
    box.dispatchEvent(new Event("input", { bubbles: true }));
  });

  function whenThere(selector, act) {
    const found = document.querySelector(selector);
    if (found) act(found);
    else setTimeout(() => whenThere(selector, act), 100);
  }
  // Gradio calls each message "a component of type html", in English whatever the language.
  let questions = 0;
  new MutationObserver(() => {
    const rows = document.querySelectorAll("#chat .user-row");
    if (rows.length) makeRoom(rows[rows.length - 1]);
    if (rows.length !== questions) {
      questions = rows.length;
      requestAnimationFrame(() => rows[rows.length - 1]?.scrollIntoView({ block: "start" }));
    }
    for (const message of document.querySelectorAll('#chat [data-testid][aria-label]')) message.removeAttribute("aria-label");
    document.querySelector('#chat [role="log"]')?.setAttribute("aria-label", strings.log);
    for (const example of document.querySelectorAll("#chat .example[aria-label]")) example.removeAttribute("aria-label");
    document.querySelector('#chat .examples[role="list"]')?.setAttribute("role", "group"); // a list may not hold buttons
    document.querySelector("#question textarea")?.setAttribute("aria-label", strings.question);
    for (const button of document.querySelectorAll(".delete-conversation:not([title])")) { // its text is a cross
      button.title = strings.delete;
      button.setAttribute("aria-label", strings.delete);
    }
  }).observe(document.body, { childList: true, subtree: true });

  // Below the latest question stays a whole view of room, so that it is at the top from the start and its answer in sight.
  function makeRoom(question) {
    const rows = question.parentElement, view = question.closest(".bubble-wrap");
    const height = rows.lastElementChild.getBoundingClientRect().bottom - question.getBoundingClientRect().top;
    rows.style.paddingBottom = `${Math.max(0, view.clientHeight - height - 24)}px`;
  }

  window.notesChat = {
    download(file) {
      const link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob([file.text], { type: "text/markdown" }));
      link.download = file.name;
      link.click();
      URL.revokeObjectURL(link.href);
    },
    focusQuestion() {
      const box = document.querySelector("#question textarea");
      box.focus();
      box.setSelectionRange(box.value.length, box.value.length);
    },
  };
})();
