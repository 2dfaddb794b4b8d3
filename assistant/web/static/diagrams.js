// Draws Mermaid's diagrams, which is fetched only where a page holds one that comes into sight. What cannot be drawn stays code.
(() => {
  const own = new URL(document.currentScript.src);
  const WAITING = "pre[data-diagram='mermaid']:not([data-seen])";
  const LONGEST = 20000; // characters
  let loading = null, drawing = Promise.resolve(), count = 0;

  function load() {
    loading ??= new Promise((resolve, reject) => {
      const src = new URL(`mermaid/mermaid.tiny.js${own.search}`, own).href;
      document.head.append(Object.assign(document.createElement("script"), { src, onload: resolve, onerror: reject }));
    });
    return loading;
  }
  async function draw(code) {
    const source = code.textContent;
    if (source.length > LONGEST) return;
    const id = `diagram-${++count}`, dark = document.documentElement.classList.contains("dark");
    try {
      await load();
      mermaid.initialize({ startOnLoad: false, securityLevel: "strict", suppressErrorRendering: true, theme: dark ? "dark" : "neutral" });
      const { svg } = await mermaid.render(id, source);
      const drawn = document.createElement("div");
      drawn.className = "diagram";
      drawn.tabIndex = 0;
      drawn.innerHTML = svg; // made in strict mode: labels are text, nothing in it runs or leads anywhere
      code.before(drawn);
      code.classList.add("visually-hidden"); // read aloud is the source, which says more than the drawing
      code.removeAttribute("tabindex");
    } catch {
      document.getElementById(`d${id}`)?.remove();
    }
  }
  const sight = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      sight.unobserve(target);
      drawing = drawing.then(() => draw(target)); // one after the other
    }
  }, { rootMargin: "300px" });
  function watch() {
    for (const code of document.querySelectorAll(WAITING)) {
      code.dataset.seen = "";
      sight.observe(code);
    }
  }
  new MutationObserver(watch).observe(document.documentElement, { childList: true, subtree: true });
  watch();
})();
