// Size and contrast (WCAG 2.2) of every visible line of text.
() => {
  const channels = (colour) => colour.match(/[\d.]+/g).map(Number);
  const linear = (value) => (value /= 255) <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  const luminance = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
  const behind = (element) => {
    for (let one = element; one; one = one.parentElement) {
      const colour = channels(getComputedStyle(one).backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  const walker = document.createTreeWalker(document.querySelector(".gradio-container"), NodeFilter.SHOW_TEXT);
  const lines = [];
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.textContent.trim() || !element.checkVisibility() || element.closest(".unseen, .skip")) continue;
    const style = getComputedStyle(element);
    const [light, dark] = [luminance(channels(style.color)), luminance(behind(element))].sort((a, b) => b - a);
    lines.push({
      text: walker.currentNode.textContent.trim().slice(0, 60),
      size: parseFloat(style.fontSize),
      contrast: Math.round(((light + 0.05) / (dark + 0.05)) * 100) / 100,
    });
  }
  return lines;
}
