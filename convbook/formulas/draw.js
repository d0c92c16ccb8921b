// What the engine does with MathJax's picture of a formula.
// A picture cannot break at the end of a line, so a formula is one for each part between signs at
// which it may: after a relation or a comma, and after a plus or minus between two terms, all
// outside of brackets.

const BREAKS = "=<>≤≥≈≠≡→∈∼,;";
const adaptor = () => MathJax.startup.adaptor;
const sign = (node) => {
  if (adaptor().getAttribute(node, "data-mml-node") !== "mo") return "";
  const uses = adaptor().tags(node, "use");
  return uses.length === 1
    ? String.fromCodePoint(parseInt(adaptor().getAttribute(uses[0], "data-c"), 16)) : "";
};
const x = (node) =>
  Number(/translate[(]([-\d.]+)/.exec(adaptor().getAttribute(node, "transform") ?? "")?.[1] ?? 0);
function breaksAfter(nodes, i) {
  const here = sign(nodes[i]), before = i ? sign(nodes[i - 1]) : "=";
  const depth = nodes.slice(0, i).map(sign)
    .reduce((sum, one) => sum + "([{".includes(one || "x") - ")]}".includes(one || "x"), 0);
  if (depth > 0 || here === "") return false;
  return BREAKS.includes(here)
    || "+−".includes(here) && (before === "" || ")]|⌋⌉!".includes(before));
}
function terms(svg) {
  let inner = adaptor().firstChild(svg);
  while (adaptor().childNodes(inner).length === 1 && !x(adaptor().firstChild(inner)))
    inner = adaptor().firstChild(inner);
  const breaks = ["math", "mstyle"].includes(adaptor().getAttribute(inner, "data-mml-node"));
  return breaks ? [...adaptor().childNodes(inner)] : [inner];
}
function drawn(tex, display) {
  const svg = () => adaptor().firstChild(MathJax.tex2svg(tex, { display }));
  const whole = svg(), nodes = terms(whole), pictures = [];
  const box = adaptor().getAttribute(whole, "viewBox").split(" ").map(Number);
  const [left, top, width, height] = box;
  const ex = parseFloat(adaptor().getAttribute(whole, "width")) / width;
  for (let start = 0, end = 1; start < nodes.length; start = end, end += 1) {
    while (end < nodes.length && !breaksAfter(nodes, end - 1)) end += 1;
    const from = start ? x(nodes[start]) : left;
    const to = end < nodes.length ? x(nodes[end]) : left + width;
    const one = svg();
    terms(one).forEach((node, i) => i >= start && i < end || adaptor().remove(node));
    adaptor().setAttribute(one, "viewBox", `${from} ${top} ${to - from} ${height}`);
    adaptor().setAttribute(one, "width", `${((to - from) * ex).toFixed(3)}ex`);
    pictures.push(adaptor().outerHTML(one));
  }
  return JSON.stringify([pictures.join(""), MathJax.tex2mml(tex, { display })]);
}
function glyphs() {
  return adaptor().innerHTML(MathJax.startup.document.outputJax.fontCache.getCache());
}
