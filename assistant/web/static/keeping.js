// Lets students choose whether their questions are kept. The choice is a cookie, which the server reads with every question.
(() => {
  const NAME = "notes_keep";
  const YEAR_SECONDS = 31536000;
  const refuses = () => document.cookie.split("; ").includes(`${NAME}=no`);
  const show = () => document.documentElement.classList.toggle("keeps-nothing", refuses());
  show();
  document.addEventListener("click", (event) => {
    const note = event.target.closest(".keeping button")?.closest(".keeping");
    if (!note) return;
    document.cookie = `${NAME}=no; path=/; samesite=lax; max-age=${refuses() ? 0 : YEAR_SECONDS}`;
    show();
    note.querySelector(refuses() ? ".not-kept button" : ".kept button").focus();
  });
})();
