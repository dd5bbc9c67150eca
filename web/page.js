// Markers, sources and copying, by delegation on the document: Gradio redraws what lies below.
(() => {
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const opened = new Set();
  let chosen = null;
  let newest = 0;

  const go = (target, block) =>
    target.scrollIntoView({ block, behavior: still.matches ? "auto" : "smooth" });

  // Gradio's redraw takes away what is set here, so it is set again after each.
  const restore = () => {
    const groups = [...document.querySelectorAll(".group")];
    const latest = Number(document.querySelector(".sources")?.dataset.latest ?? 0);
    if (latest !== newest) chosen = null;
    if (latest < newest) opened.clear();
    newest = latest;
    const shown = (group) => Number(group.dataset.exchange) === (chosen ?? latest);
    for (const group of groups) group.hidden = !shown(group);
    const empty = document.querySelector(".sources .empty");
    if (empty) empty.hidden = groups.some(shown);
    for (const card of document.querySelectorAll("details.source")) card.open = opened.has(card.id);
  };

  const openSource = (name) => {
    const card = document.getElementById(`source-${name}`);
    if (!card) return;
    chosen = Number(name.split("-")[0]);
    opened.add(card.id);
    restore();
    for (const other of document.querySelectorAll(".source.current")) other.classList.remove("current");
    card.classList.add("current");
    card.querySelector("summary").focus({ preventScroll: true });
    go(card, matchMedia("(min-width: 60rem)").matches ? "nearest" : "start");
  };

  const goBack = (name) => {
    const marker = document.getElementById(`marker-${name}`);
    if (!marker) return;
    marker.focus({ preventScroll: true });
    go(marker, "center");
  };

  const write = async (text) => {
    if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(text);
    const area = Object.assign(document.createElement("textarea"), { value: text });
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  };

  const copy = async (button) => {
    const label = button.textContent;
    try {
      await write(document.getElementById(button.dataset.copy).textContent);
      button.textContent = "Copied";
    } catch {
      button.textContent = "Your browser did not allow copying";
    }
    setTimeout(() => { button.textContent = label; }, 2000);
  };

  // Ask is not there for a moment after an answer: Gradio takes no question before it has put the last one away.
  const pressAsk = (tries = 100) => {
    const ask = document.querySelector("#send");
    if (ask) ask.click();
    else if (tries) setTimeout(pressAsk, 50, tries - 1);
  };

  document.addEventListener("press-ask", () => pressAsk());
  document.addEventListener("sources-drawn", restore);
  document.addEventListener("click", (event) => {
    const at = (selector) => event.target.closest?.(selector);
    const marker = at("a[data-source]");
    const back = at("a[data-back]");
    const summary = at("details.source > summary");
    const button = at("button[data-copy]");
    const skip = at("a.skip");
    if (marker || back || skip) event.preventDefault();
    if (marker) openSource(marker.dataset.source);
    if (back) goBack(back.dataset.back);
    if (summary) opened[summary.parentElement.open ? "delete" : "add"](summary.parentElement.id);
    if (button) copy(button);
    if (skip) document.querySelector("#question textarea").focus();
  });
})();
