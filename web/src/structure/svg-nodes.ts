const ALLOWED = new Set(["svg", "g", "path", "line", "polyline", "polygon", "circle", "ellipse", "rect", "text", "tspan"]);

/**
 * The SVG as nodes of this document. Only shapes and letters are taken over, and no attribute that
 * could run or load anything.
 */
export function svgNodes(text: string): SVGElement | undefined {
  const parsed = new DOMParser().parseFromString(text, "image/svg+xml").documentElement;
  if (parsed.localName !== "svg") return undefined;
  const root = document.importNode(parsed, true) as unknown as SVGElement;
  for (const element of [root, ...root.querySelectorAll("*")]) {
    if (!ALLOWED.has(element.localName)) {
      element.remove();
      continue;
    }
    for (const { name } of [...element.attributes]) {
      if (name.startsWith("on") || name === "style" || name.endsWith("href")) element.removeAttribute(name);
    }
  }
  root.setAttribute("aria-hidden", "true");
  return root;
}
