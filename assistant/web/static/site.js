// The switches of the header and the status line: loading, failed, offline, online again.
(() => {
  const strings = JSON.parse(document.getElementById("site-strings").textContent);
  const bar = document.getElementById("site-status");
  const LOADING_MS = 700, CALM_MS = 5000, GIVE_UP_MS = 10000;
  let wasReady = false, wasOffline = false, timer = 0, server, tellReady;
  // A promise, not an event: a script that arrives late learns it, too.
  window.notesReady = new Promise((resolve) => { tellReady = resolve; });

  function paint() {
    // Gradio follows the system's theme when it starts; the student's choice is stronger.
    const dark = document.documentElement.classList.contains("dark");
    if (document.body.classList.contains("dark") !== dark) document.body.classList.toggle("dark", dark);
  }
  new MutationObserver(paint).observe(document.body, { attributes: true, attributeFilter: ["class"] });
  paint();

  document.getElementById("theme-switch").addEventListener("click", () => {
    const dark = document.documentElement.classList.toggle("dark");
    document.documentElement.style.colorScheme = dark ? "dark" : "light";
    localStorage.setItem("notes_theme", dark ? "dark" : "light");
    paint();
  });
  const languageSwitch = document.getElementById("language-switch");
  languageSwitch.addEventListener("click", () => {
    const here = location.pathname + location.search + location.hash;
    languageSwitch.href = languageSwitch.pathname + "?to=" + encodeURIComponent(here);
  });

  function say(text, kind) {
    if (bar.textContent !== text) bar.textContent = text;
    bar.dataset.kind = kind;
    bar.hidden = !text;
  }
  function show(status) {
    if (status.error) return say(`${strings.failed} ${status.error}`, "bad");
    if (!status.ready) {
      const counts = strings.building.replace("{done}", status.done).replace("{total}", status.total);
      return say(status.total ? counts : strings.loading, "busy");
    }
    server ??= status.server;
    if (server !== status.server) {
      server = status.server;
      document.dispatchEvent(new CustomEvent("notes:restarted"));
    }
    say(wasOffline ? strings.online : "", "good");
    tellReady();
    if (wasReady && wasOffline) document.dispatchEvent(new CustomEvent("notes:reconnected"));
    wasReady = true;
    wasOffline = false;
  }
  async function poll() {
    clearTimeout(timer);
    try {
      const response = await fetch("/status", { cache: "no-store", signal: AbortSignal.timeout(GIVE_UP_MS) });
      show(await response.json());
    } catch (error) {
      // A busy server answers late, which is no loss of the connection: answers under way go on.
      if (["TimeoutError", "AbortError"].includes(error.name)) return again(); // before the answer, or within it
      wasOffline = true;
      say(strings.offline, "bad");
    }
    again();
  }
  function again() {
    timer = setTimeout(poll, wasReady && !wasOffline ? CALM_MS : LOADING_MS);
  }
  addEventListener("online", poll);
  addEventListener("offline", poll);
  poll();
})();
