// The list of chats: title, last words, time, what is unread and whether somebody types.

import { el, replace } from "../core/dom.js";
import { full, listTime } from "../core/time.js";
import { t } from "../core/words.js";
import { avatar } from "../ui/avatar.js";

export class Chats {
  constructor({ store, onOpen }) {
    this.store = store;
    this.onOpen = onOpen;
    this.node = el("ul", { class: "chats", "aria-label": t("chats") });
    this.node.addEventListener("keydown", (event) => this.#keys(event));
    store.hear("chats typing opened", () => this.draw());
  }

  sorted() {
    return [...this.store.chats.values()].sort((a, b) => (b.last?.date ?? 0) - (a.last?.date ?? 0) || a.id - b.id);
  }

  draw() {
    const focused = this.node.contains(document.activeElement) ? document.activeElement.dataset.id : null;
    replace(this.node, this.sorted().map((chat) => this.#line(chat)));
    if (focused) this.node.querySelector(`[data-id="${focused}"]`)?.focus();
  }

  #line(chat) {
    const group = chat.type !== "private";
    const title = group ? chat.title : (this.store.bot?.first_name ?? chat.title);
    const open = this.store.open?.chat === chat.id;
    const loud = (chat.unread ?? 0) - (chat.silent_unread ?? 0);
    return el(
      "li",
      {},
      el(
        "button",
        { class: `chat-line${open ? " open" : ""}`, data: { id: chat.id }, "aria-current": open ? "true" : null, onclick: () => this.onOpen(chat.id) },
        avatar({ id: chat.id, name: title, bot: !group, group }, "l"),
        el(
          "span",
          { class: "chat-words" },
          el(
            "span",
            { class: "chat-top" },
            el("strong", {}, title),
            group ? null : el("span", { class: "bot-mark" }, t("private-chat")),
            chat.last ? el("time", { title: full(chat.last.date) }, listTime(chat.last.date)) : null,
          ),
          el(
            "span",
            { class: "chat-bottom" },
            this.#lastWords(chat, group),
            chat.unread > 0
              ? el("span", { class: `badge${loud > 0 ? "" : " badge-silent"}`, "aria-label": t("unread", { n: chat.unread }) }, String(chat.unread))
              : null,
          ),
        ),
      ),
    );
  }

  #lastWords(chat, group) {
    const typing = this.store.typing.get(chat.id);
    if (typing) return el("span", { class: "chat-last typing" }, typingText(typing, group ? this.store.bot?.first_name : null));
    const from = group && chat.last?.from ? `${chat.last.from}: ` : "";
    return el(
      "span",
      { class: "chat-last" },
      from ? el("span", { class: "chat-from" }, from) : null,
      (chat.last?.text ?? "").replace(/\s+/gu, " "),
    );
  }

  #keys(event) {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!by) return;
    const lines = [...this.node.querySelectorAll(".chat-line")];
    event.preventDefault();
    lines[(lines.indexOf(document.activeElement) + by + lines.length) % lines.length]?.focus();
  }
}

export function typingText({ action }, name) {
  const words = t(`action-${action}`);
  if (words !== `action-${action}`) return `${words}…`;
  return name ? `${t("someone-typing", { name })}…` : `${t("typing")}…`;
}
