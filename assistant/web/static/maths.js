// Typesets formulas with KaTeX, which is fetched only where a page holds one. What KaTeX cannot read stays as its source.
(() => {
  const own = new URL(document.currentScript.src);
  const LONGEST = 5000; // characters; a longer formula is nobody's
  const OPTIONS = { throwOnError: true, strict: "ignore", trust: false, maxExpand: 500, maxSize: 40 };
  const WAITING = ".maths:not([data-tex])";
  let loading = null;

  function added(name, values) {
    return new Promise((resolve, reject) => {
      document.head.append(Object.assign(document.createElement(name), values, { onload: resolve, onerror: reject }));
    });
  }
  const at = (file) => new URL(`katex/${file}${own.search}`, own).href;
  function load() {
    loading ??= Promise.all([
      added("link", { rel: "stylesheet", href: at("katex.min.css") }),
      added("script", { src: at("katex.min.js") }),
    ]).then(() => { added("script", { src: at("copy-tex.min.js") }); });
    return loading;
  }

  async function typeset() {
    const formulas = [...document.querySelectorAll(WAITING)];
    if (!formulas.length) return;
    for (const formula of formulas) formula.dataset.tex = formula.textContent;
    try { await load(); } catch { return; } // the source stands there, which is what there is to show
    for (const formula of formulas) show(formula);
    document.dispatchEvent(new CustomEvent("notes:typeset"));
  }
  function show(formula) {
    const tex = formula.dataset.tex, made = document.createElement("span");
    if (tex.length > LONGEST) return;
    try {
      katex.render(tex, made, { ...OPTIONS, displayMode: formula.classList.contains("display") });
    } catch { return; }
    formula.replaceChildren(...made.childNodes);
    formula.classList.add("typeset");
  }

  // As source, for what is copied.
  window.notesMaths = {
    text(element) {
      const copy = element.cloneNode(true);
      for (const formula of copy.querySelectorAll(".maths")) {
        const marks = formula.classList.contains("display") ? "$$" : "$";
        formula.replaceChildren(marks + (formula.dataset.tex ?? formula.textContent) + marks);
      }
      copy.classList.add("visually-hidden");
      element.after(copy); // only what is laid out has lines
      const text = copy.innerText;
      copy.remove();
      return text;
    },
  };
  new MutationObserver(typeset).observe(document.documentElement, { childList: true, subtree: true });
  typeset();
})();
