// Runs once in the transcript; Gradio hands in element, trigger and watch.
const still = matchMedia("(prefers-reduced-motion: reduce)");
let newest = 0;

element.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-ask]");
  if (button) trigger("suggestion", { question: button.dataset.ask });
});

watch("value", () => {
  const last = element.querySelector(".exchange:last-of-type");
  const number = last ? Number(last.dataset.number) : 0;
  if (number > newest) {
    if (matchMedia("(pointer: coarse)").matches) document.activeElement?.blur(); // puts the keyboard away
    last.scrollIntoView({ block: "start", behavior: still.matches ? "auto" : "smooth" });
  }
  newest = number;
});
