// The page's own words in Chinese and English; the bot's words are the bot's.

import { EN } from "./en.js";
import { ZH } from "./zh.js";

const BOOKS = { en: EN, zh: ZH };
const KEPT = "pailot.language";

let chosen = pick();

function pick() {
  const kept = localStorage.getItem(KEPT);
  if (kept in BOOKS) return kept;
  return (navigator.languages?.[0] ?? navigator.language ?? "en").toLowerCase().startsWith("zh") ? "zh" : "en";
}

export const language = () => chosen;

/** The language as Telegram names it for a client of that language. */
export const clientLanguage = () => (chosen === "zh" ? "zh-hans" : "en");

export function choose(name) {
  chosen = name;
  localStorage.setItem(KEPT, name);
}

export function t(key, values = {}) {
  const text = BOOKS[chosen][key] ?? EN[key] ?? key;
  return text.replace(/\{(\w+)\}/gu, (whole, name) => (name in values ? String(values[name]) : whole));
}

/** The reader's one of a text given in both languages (steps of the tour, breakages of the lab). */
export function either(text) {
  return typeof text === "string" ? text : (text?.[chosen] ?? text?.en ?? "");
}
