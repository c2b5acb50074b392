// What this page is, honestly, and how to have the real thing.

import { el } from "../core/dom.js";
import { t } from "../core/words.js";

const KEYS = [
  ["/", "key-slash"],
  ["↑ ↓", "key-up"],
  ["R", "key-r"],
  ["Esc", "key-esc"],
  ["Alt ← →", "key-alt"],
];

export function about() {
  const steps = [1, 2, 3, 4, 5].map((number) => el("li", {}, t(`live-${number}`)));
  const keys = KEYS.map(([key, words]) => el("div", {}, el("dt", {}, el("kbd", {}, key)), el("dd", {}, t(words))));
  return el(
    "section",
    {},
    el("p", {}, t("about-1")),
    el("p", {}, t("about-2")),
    el("h2", {}, t("go-live")),
    el("ol", { class: "live-steps" }, steps),
    el("div", { class: "about-keys" }, el("h2", {}, t("shortcuts")), el("dl", { class: "keys-list" }, keys)),
  );
}
