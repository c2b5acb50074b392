// Telegram's formatting: text with entities (offsets in UTF-16 units, as JavaScript counts) becomes nodes.

import { el } from "../core/dom.js";
import { full } from "../core/time.js";
import { t } from "../core/words.js";
import { icon } from "../ui/icons.js";
import { copy } from "../ui/overlays.js";

const BLOCKS = new Set(["pre", "blockquote", "expandable_blockquote"]);
const SIMPLE = { bold: "strong", italic: "em", underline: "u", strikethrough: "s" };
const SHORT = 20; // characters that fit on any line, and so need not be broken at their hyphens
const OPENABLE = /^(https?|mailto|tg|tel):/iu;

/** Only addresses a chat may open; anything else (javascript:, data:) gives null. */
export function safeAddress(raw, { bare = false } = {}) {
  const text = String(raw ?? "").trim();
  const address = bare && !/^[a-z][a-z0-9+.-]*:/iu.test(text) ? `https://${text}` : text;
  if (!OPENABLE.test(address)) return null;
  try {
    return new URL(address).href;
  } catch {
    return null;
  }
}

/**
 * Nodes for a message's text. `act` is what the chat does on a press: {deepLink(url) → bool, command(text)}.
 * Overlapping entities never come from Telegram; one that crosses another's end is cut there.
 */
export function formatted(text, entities, act) {
  const sorted = [...(entities ?? [])]
    .filter((entity) => entity.length > 0 && entity.offset < text.length)
    .sort((a, b) => a.offset - b.offset || b.length - a.length);
  let next = 0;
  const fill = (parent, from, to) => {
    let at = from;
    while (next < sorted.length && sorted[next].offset < to) {
      const entity = sorted[next];
      const start = Math.max(entity.offset, at);
      const end = Math.min(entity.offset + entity.length, to);
      next += 1;
      if (end <= start) continue;
      parent.append(text.slice(at, start));
      const inner = document.createDocumentFragment();
      fill(inner, start, end);
      parent.append(wrap(entity, inner, text.slice(start, end), act));
      // A block breaks the line itself; the line end after it would show as an empty line.
      at = BLOCKS.has(entity.type) && text[end] === "\n" ? end + 1 : end;
      if (at > to) at = to;
    }
    parent.append(text.slice(at, to));
  };
  const all = document.createDocumentFragment();
  fill(all, 0, text.length);
  return all;
}

function wrap(entity, inner, raw, act) {
  const simple = SIMPLE[entity.type];
  if (simple) return el(simple, {}, inner);
  switch (entity.type) {
    case "code":
      return el("code", { class: `inline-code${raw.length <= SHORT ? " short" : ""}`, title: t("copy"), onclick: () => copy(raw) }, inner);
    case "pre":
      return codeBlock(entity, inner, raw);
    case "blockquote":
      return el("blockquote", {}, inner);
    case "expandable_blockquote":
      return longQuote(inner, raw);
    case "spoiler":
      return spoiler(inner);
    case "text_link":
      return link(entity.url, inner, act);
    case "url":
      return link(raw, inner, act, { bare: true });
    case "email":
      return link(`mailto:${raw}`, inner, act);
    case "bot_command":
      return el("button", { class: "linkish", onclick: () => act.command(raw) }, inner);
    case "mention":
    case "hashtag":
    case "cashtag":
    case "phone_number":
      return el("span", { class: "mention" }, inner);
    case "text_mention":
      return el("span", { class: "mention" }, inner);
    case "date_time":
      return moment(entity, inner);
    default:
      return el("span", {}, inner);
  }
}

function link(raw, inner, act, { bare = false } = {}) {
  const href = safeAddress(raw, { bare });
  if (!href) return el("span", {}, inner);
  return el(
    "a",
    {
      href,
      title: href,
      target: "_blank",
      rel: "noopener noreferrer",
      onclick: (event) => {
        if (act.deepLink(href)) event.preventDefault();
      },
    },
    inner,
  );
}

function codeBlock(entity, inner, raw) {
  const text = el("pre", { tabindex: "0" }, el("code", {}, inner));
  const key = el("button", { class: "code-copy", "aria-label": t("copy-code"), title: t("copy-code"), onclick: () => copy(raw) }, icon("copy"));
  if (!entity.language) return el("div", { class: "code-block code-plain" }, text, key);
  key.append(t("copy"));
  return el("div", { class: "code-block" }, el("div", { class: "code-head" }, el("span", {}, entity.language), key), text);
}

function longQuote(inner, raw) {
  const quote = el("blockquote", { class: "long" }, el("div", { class: "quote-text" }, inner));
  if (raw.length < 120 && raw.split("\n").length <= 3) return quote;
  quote.classList.add("folded");
  const toggle = el("button", { class: "quote-toggle", "aria-expanded": "false", "aria-label": t("expand") }, icon("expand"));
  const turn = () => {
    const folded = quote.classList.toggle("folded");
    toggle.setAttribute("aria-expanded", String(!folded));
    toggle.setAttribute("aria-label", t(folded ? "expand" : "collapse"));
  };
  toggle.addEventListener("click", (event) => (event.stopPropagation(), turn()));
  quote.addEventListener("click", (event) => {
    if (quote.classList.contains("folded") && !event.target.closest("a, button")) turn();
  });
  quote.append(toggle);
  return quote;
}

function spoiler(inner) {
  const content = el("span", { class: "spoiler-text", "aria-hidden": "true" }, inner);
  const cover = el("span", { class: "spoiler", role: "button", tabindex: "0", "aria-label": t("spoiler") }, content);
  const show = (event) => {
    if (cover.classList.contains("shown")) return;
    if (event.type === "keydown" && event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    event.stopPropagation();
    cover.classList.add("shown");
    for (const name of ["role", "tabindex", "aria-label"]) cover.removeAttribute(name);
    content.removeAttribute("aria-hidden");
  };
  cover.addEventListener("click", show);
  cover.addEventListener("keydown", show);
  return cover;
}

/** `<tg-time>`: Telegram shows the moment in the reader's own zone. */
function moment(entity, inner) {
  const unix = Number(entity.unix_time ?? entity.unix);
  if (!Number.isFinite(unix)) return el("span", {}, inner);
  return el("time", { datetime: new Date(unix * 1000).toISOString(), title: full(unix) }, inner);
}
