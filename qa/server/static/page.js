// Nothing here is needed: "/" goes to the question, a button copies a quote, and it is said that an answer is on its way.
"use strict";

const box = document.getElementById("q");
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select");
  if (event.key === "/" && box && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    box.focus();
    box.select();
  }
});

for (const form of document.querySelectorAll("form.ask")) {
  const status = form.querySelector(".busy");
  form.addEventListener("submit", () => { if (status) status.textContent = "Reading …"; });
  window.addEventListener("pageshow", () => { if (status) status.textContent = ""; });
}

if (navigator.clipboard) {
  for (const figure of document.querySelectorAll("main figure")) {
    const quote = figure.querySelector("blockquote");
    const about = figure.querySelector("figcaption p");
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = "Copy";
    button.addEventListener("click", async () => {
      const words = quote.cloneNode(true);
      words.querySelectorAll(".context").forEach((part) => part.remove());
      try {
        await navigator.clipboard.writeText(`“${words.textContent.trim()}” (${about.textContent.trim()})`);
        button.textContent = "Copied";
      } catch { button.textContent = "Not copied"; }
      setTimeout(() => { button.textContent = "Copy"; }, 2000);
    });
    figure.querySelector("figcaption").append(button);
  }
}
