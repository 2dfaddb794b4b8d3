// Opens figures large: a press or Enter opens, Escape, a press beside it or on the cross closes, and focus goes back.
(() => {
  const strings = JSON.parse(document.getElementById("figure-strings").textContent);
  let dialog = null;

  function made() {
    dialog = document.createElement("dialog");
    dialog.className = "figure-large";
    dialog.setAttribute("aria-label", strings.large);
    const close = document.createElement("button");
    close.type = "button";
    close.className = "switch";
    close.textContent = "✕";
    close.title = strings.close;
    close.setAttribute("aria-label", strings.close);
    const figure = document.createElement("figure");
    figure.append(document.createElement("img"), document.createElement("figcaption"));
    dialog.append(close, figure);
    dialog.addEventListener("click", (event) => {
      if (event.target === dialog || event.target.closest("button")) dialog.close();
    });
    // The chat's own keys are not meant while a figure is open.
    dialog.addEventListener("keydown", (event) => { event.stopPropagation(); });
    document.body.append(dialog);
    return dialog;
  }
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a.figure");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    const shown = dialog ?? made(), small = link.querySelector("img");
    const caption = link.parentElement.querySelector(":scope > figcaption")?.textContent || small.alt;
    const large = shown.querySelector("img");
    large.src = link.href;
    large.alt = small.alt;
    shown.querySelector("figcaption").textContent = caption;
    shown.showModal(); // it takes the focus, and gives it back to the link
  });
})();
