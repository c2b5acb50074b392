// Building page nodes: every string becomes a text node, so no name or message is ever read as markup.

/** An element; `on…` functions become listeners, false/null attributes are left out, true ones are empty. */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "data") Object.assign(node.dataset, value);
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

export function replace(node, ...children) {
  node.replaceChildren(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

/** Runs once after calls stop coming for `milliseconds`. */
export function debounced(run, milliseconds) {
  let timer = 0;
  return (...given) => {
    clearTimeout(timer);
    timer = setTimeout(() => run(...given), milliseconds);
  };
}

/** One of the seven avatar and name colours, the same for a person everywhere. */
export function tone(id) {
  return Math.abs(Number(id)) % 7;
}

/** One or two letters that stand for a name: 林晓 → 晓, "Ann Lee" → AL. */
export function initials(name) {
  const clean = String(name || "?").trim();
  if (/^[\u3400-\u9fff]/u.test(clean)) return [...clean].slice(0, 4).at(-1);
  const words = clean.split(/\s+/u).filter((word) => /[\p{L}\p{N}]/u.test(word));
  return (words.length > 1 ? [words[0], words.at(-1)] : [words[0] ?? "?"])
    .map((word) => [...word][0].toUpperCase())
    .join("");
}
