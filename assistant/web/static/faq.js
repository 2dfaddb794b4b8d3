// The FAQ page: opens the entry of the address, filters as you type, opens everything for printing.
(() => {
  const entries = [...document.querySelectorAll(".faq-entry")];
  function openAddressed() {
    const entry = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (entry?.classList.contains("faq-entry")) { entry.open = true; entry.scrollIntoView(); }
  }
  addEventListener("hashchange", openAddressed);
  openAddressed();

  const box = document.getElementById("faq-search");
  box?.addEventListener("input", () => {
    const words = box.value.normalize("NFC").toLowerCase().split(/\s+/).filter(Boolean);
    for (const entry of entries) {
      const text = entry.textContent.normalize("NFC").toLowerCase();
      entry.hidden = !words.every((word) => text.includes(word));
    }
    for (const module of document.querySelectorAll(".faq-module")) {
      module.hidden = !module.querySelector(".faq-entry:not([hidden])");
    }
    document.getElementById("faq-none").hidden = entries.some((entry) => !entry.hidden);
  });
  addEventListener("beforeprint", () => entries.forEach((entry) => { entry.open = true; }));
  document.getElementById("faq-print")?.addEventListener("click", () => print());
})();
