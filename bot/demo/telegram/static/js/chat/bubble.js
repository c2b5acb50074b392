// One message as the chat shows it: face, bubble, attachments, reactions and its buttons.

import { el, tone } from "../core/dom.js";
import { clock, full } from "../core/time.js";
import { t } from "../core/words.js";
import { avatar } from "../ui/avatar.js";
import { coloured, icon } from "../ui/icons.js";
import { attachment } from "./attachments.js";
import { formatted } from "./entities.js";
import { keyboard } from "./keyboard.js";
import { serviceText } from "./service.js";

/** `view` is {me, group, topicName(message) → string, act}; `act` is listed in chat/actions.js. */
export function row(message, view) {
  const node = el("div", { class: "row", data: { id: message.id, from: message.from?.id ?? 0, date: message.date } });
  fill(node, message, view);
  return node;
}

/** Draws the message into its row again, keeping what the reader opened (quotes, spoilers). */
export function redraw(node, message, view) {
  const open = [...node.querySelectorAll("blockquote.long")].map((quote) => !quote.classList.contains("folded"));
  const shown = [...node.querySelectorAll(".spoiler")].map((cover) => cover.classList.contains("shown"));
  const focused = node.contains(document.activeElement) ? document.activeElement : null;
  const button = focused?.closest(".keys button")?.textContent;
  const inside = Boolean(focused?.closest(".bubble"));
  fill(node, message, view);
  node.querySelectorAll("blockquote.long").forEach((quote, index) => {
    if (open[index] && quote.classList.contains("folded")) quote.querySelector(".quote-toggle")?.click();
  });
  node.querySelectorAll(".spoiler").forEach((cover, index) => {
    if (shown[index]) cover.click();
  });
  if (button) [...node.querySelectorAll(".keys button")].find((key) => key.textContent === button)?.focus();
  else if (inside) node.querySelector(".bubble")?.focus({ preventScroll: true });
}

function fill(node, message, view) {
  if (message.service) {
    node.classList.add("service-row");
    node.replaceChildren(el("div", { class: "service" }, serviceText(message)));
    return;
  }
  const mine = message.from?.id === view.me;
  node.classList.toggle("mine", mine);
  const stack = el("div", { class: "stack" }, bubble(message, view, mine));
  if (message.keyboard?.length) stack.append(keyboard(message, view));
  node.classList.toggle("with-face", view.group && !mine);
  node.replaceChildren(stack);
}

function bubble(message, view, mine) {
  const name = mine ? t("you") : (message.from?.name ?? "");
  const media = Boolean(message.photo);
  const box = el("article", {
    class: `bubble${media ? " has-photo" : ""}${message.text ? "" : " no-text"}`,
    tabindex: "-1",
    "aria-label": t("bubble", { name, time: clock(message.date), text: label(message) }),
  });
  if (view.group && !mine) {
    box.append(avatar({ id: message.from?.id, name: message.from?.name, bot: message.from?.is_bot }, "s"));
    const color = message.from?.is_bot ? "tone-bot" : `tone-${tone(message.from?.id ?? 0)}`;
    box.append(
      el(
        "div",
        { class: `sender ${color}` },
        el("span", {}, message.from?.name ?? ""),
        message.from?.is_bot ? el("span", { class: "bot-mark" }, t("bot")) : null,
      ),
    );
  }
  const topic = view.topicName(message);
  if (topic) box.append(el("div", { class: "topic-mark" }, `# ${topic}`));
  if (message.reply_to) box.append(replied(message.reply_to, view));
  box.append(...attachment(message, view));
  const meta = metaLine(message);
  if (message.text) {
    const text = el("div", { class: "text", dir: "auto" }, formatted(message.text, message.entities, view.act));
    text.append(meta);
    box.append(text);
  } else {
    box.append(meta);
  }
  if (message.reactions?.length) box.append(reactions(message, view));
  box.append(
    el(
      "button",
      { class: "hover-reply", "aria-label": t("reply"), title: t("reply"), tabindex: "-1", onclick: () => view.act.reply(message) },
      icon("reply"),
    ),
  );
  return box;
}

function label(message) {
  const file = message.document ? `${t("document")} ${message.document.name}. ` : message.photo ? `${t("photo")}. ` : "";
  return `${file}${[...(message.text ?? "")].slice(0, 400).join("")}`;
}

function metaLine(message) {
  return el(
    "span",
    { class: "meta" },
    message.silent ? el("span", { class: "silent-mark", title: t("silent") }, icon("silent")) : null,
    message.edited ? el("span", { class: "edited-mark" }, t("edited")) : null,
    el("time", { datetime: new Date(message.date * 1000).toISOString(), title: full(message.date) }, clock(message.date)),
  );
}

function replied(reply, view) {
  return el(
    "button",
    { class: `replied${reply.quote ? " quoted" : ""}`, onclick: () => view.act.jump(reply.id) },
    el("strong", {}, reply.name ?? ""),
    el("span", {}, reply.quote || reply.text || t("document")),
  );
}

function reactions(message, view) {
  return el(
    "div",
    { class: "reactions", "aria-label": t("reactions"), role: "group" },
    message.reactions.map(({ emoji, count, mine }) =>
      el(
        "button",
        {
          class: `reaction${mine ? " own" : ""}`,
          "aria-pressed": String(Boolean(mine)),
          "aria-label": t("reaction", { emoji, n: count ?? 1 }),
          onclick: () => view.act.react(message, mine ? "" : emoji),
        },
        coloured(emoji),
        (count ?? 1) > 1 ? el("b", {}, String(count)) : null,
      ),
    ),
  );
}
