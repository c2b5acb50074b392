// The inline buttons under a message: presses, links, texts to copy.

import { post, why } from "../core/api.js";
import { el } from "../core/dom.js";
import { t } from "../core/words.js";
import { icon } from "../ui/icons.js";
import { alertBox, copy, toast } from "../ui/overlays.js";
import { safeAddress } from "./entities.js";

const STYLES = new Set(["danger", "success", "primary"]);

export function keyboard(message, view) {
  return el(
    "div",
    { class: "keys", role: "group", "aria-label": t("message-keys") },
    message.keyboard.map((line) =>
      el("div", { class: "keys-line" }, line.map((button) => key(message, button, view))),
    ),
  );
}

function key(message, button, view) {
  const style = STYLES.has(button.style) ? ` inline-${button.style}` : "";
  const attributes = { class: `inline-key${style}`, title: button.text };
  if (button.kind === "url" || button.kind === "web_app") return linkKey(button, view, attributes);
  if (button.kind === "copy") {
    return el(
      "button",
      { ...attributes, "aria-description": t("copies"), onclick: () => copy(button.copy ?? "") },
      el("span", { class: "key-label" }, button.text),
      icon("copy"),
    );
  }
  const node = el("button", attributes, el("span", { class: "key-label" }, button.text));
  node.addEventListener("click", () => press(node, message, button, view));
  return node;
}

function linkKey(button, view, attributes) {
  const href = safeAddress(button.url);
  const label = el("span", { class: "key-label" }, button.text);
  if (!href) return el("button", { ...attributes, disabled: true }, label);
  const follow = (event) => {
    if (view.act.deepLink(href)) event.preventDefault();
  };
  return el(
    "a",
    { ...attributes, href, title: href, target: "_blank", rel: "noopener noreferrer", onclick: follow, "aria-description": t("open-link", { url: href }) },
    label,
    icon("link"),
  );
}

async function press(node, message, button, view) {
  if (node.getAttribute("aria-busy")) return;
  node.setAttribute("aria-busy", "true");
  try {
    const answer = await post("/chat/press", {
      person: view.me,
      chat: message.chat,
      message: message.id,
      data: button.data,
    });
    show(answer, view);
  } catch (problem) {
    toast(t("failed", { error: why(problem) }));
  } finally {
    node.removeAttribute("aria-busy");
  }
}

/** What the bot answered: a toast, an alert, an address; nothing at all is said after 15 s. */
function show(answer, view) {
  if (answer.url) {
    const href = safeAddress(answer.url);
    if (href && !view.act.deepLink(href)) open(href, "_blank", "noopener");
  }
  if (answer.text && answer.show_alert) alertBox(answer.text);
  else if (answer.text) toast(answer.text);
  else if (Object.keys(answer).length === 0) toast(t("no-answer"));
}
