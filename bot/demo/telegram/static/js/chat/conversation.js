// The middle of the page: header with topics, the messages, and where one writes.

import { post, why } from "../core/api.js";
import { el, replace } from "../core/dom.js";
import { t } from "../core/words.js";
import { avatar } from "../ui/avatar.js";
import { icon } from "../ui/icons.js";
import { copy, menu, toast } from "../ui/overlays.js";
import { Composer } from "../writing/composer.js";
import { acceptFiles } from "../writing/upload.js";
import { typingText } from "./chats.js";
import { History } from "./history.js";

const LONG_PRESS = 500;
const REACTIONS = ["👍", "❤", "🎉", "😢", "👀"];

export class Conversation {
  #missed = 0;

  constructor({ store, onBack, onTopic, onPanel, deepLink }) {
    this.store = store;
    this.onTopic = onTopic;
    this.composer = new Composer({ store, onArrowUp: () => this.history.focusLast() });
    this.history = new History({ onEnd: (end) => this.#scrolled(end) });
    this.act = {
      deepLink,
      command: (text) => this.composer.sendText(text),
      reply: (message) => this.composer.reply(message),
      react: (message, emoji) => this.#react(message, emoji),
      jump: async (id) => {
        if (!(await this.history.jump(id))) toast(t("gone"));
      },
    };
    this.title = el("h1", { class: "head-title" });
    this.subtitle = el("p", { class: "head-subtitle" });
    this.face = el("span", { class: "head-face" });
    this.topics = el("div", { class: "topics", role: "tablist", "aria-label": t("topics"), hidden: true });
    this.down = el("button", { class: "newest", hidden: true, "aria-label": t("newest"), title: t("newest"), onclick: () => this.history.newest() }, icon("down"), el("span", { class: "badge", hidden: true }));
    this.head = el(
      "header",
      { class: "head" },
      el("button", { class: "tool back-key", "aria-label": t("back"), title: t("back"), onclick: onBack }, icon("back")),
      this.face,
      el("div", { class: "head-words" }, this.title, this.subtitle),
      el("button", { class: "tool panel-key", "aria-label": t("panel"), title: t("panel"), onclick: onPanel }, icon("panel")),
    );
    this.stage = el("div", { class: "stage" }, this.history.scroller, this.down, this.history.spoken);
    this.node = el("main", { class: "conversation" }, this.head, this.topics, this.stage, this.composer.node);
    this.blank = el("div", { class: "blank" }, el("span", {}, t("choose-chat")));
    this.node.append(this.blank);
    acceptFiles(this.node, (files) => this.composer.offer(files));
    this.#listen();
  }

  #listen() {
    this.store.hear("chats typing connection", () => this.#refresh());
    document.addEventListener("visibilitychange", () => this.#read());
    this.history.list.addEventListener("contextmenu", (event) => this.#context(event));
    this.history.list.addEventListener("dblclick", (event) => {
      const message = this.#messageAt(event.target);
      if (message && !event.target.closest("button, a, pre")) {
        getSelection()?.removeAllRanges();
        this.composer.reply(message);
      }
    });
    let timer = 0;
    this.history.list.addEventListener("touchstart", (event) => {
      const { clientX, clientY } = event.touches[0];
      timer = setTimeout(() => this.#messageMenu(event.target, clientX, clientY), LONG_PRESS);
    }, { passive: true });
    for (const end of ["touchend", "touchmove", "touchcancel"]) {
      this.history.list.addEventListener(end, () => clearTimeout(timer), { passive: true });
    }
  }

  get chat() {
    return this.store.open ? this.store.chat(this.store.open.chat) : null;
  }

  get group() {
    return Boolean(this.chat) && this.chat.type !== "private";
  }

  /** Opens what `store.open` says; with nothing open the page shows a hint. */
  async show() {
    const chat = this.chat;
    this.node.classList.toggle("nothing", !chat);
    if (!chat) return;
    const { topic } = this.store.open;
    this.#drawTopics(chat, topic);
    this.#refresh();
    this.composer.show({ group: this.group });
    const view = {
      me: this.store.me,
      group: this.group,
      topicName: (message) => (topic === null && message.topic ? this.#topicName(chat, message.topic) : ""),
      act: this.act,
    };
    await this.history.show(this.store.timeline(chat.id, topic), view, {
      unread: chat.unread,
      title: this.title.textContent,
      empty: t(this.group ? "empty-group" : "empty-private"),
    });
  }

  #topicName(chat, id) {
    return (chat.topics ?? []).find((topic) => topic.id === id)?.name ?? "";
  }

  #drawTopics(chat, chosen) {
    const named = chat.topics ?? [];
    this.topics.hidden = named.length === 0;
    const tabs = [
      { id: null, name: t("all-topics") },
      ...named.map(({ id, name }) => ({ id, name: `# ${name}` })),
    ];
    replace(
      this.topics,
      tabs.map(({ id, name }) =>
        el(
          "button",
          { class: "topic", role: "tab", "aria-selected": String(id === chosen), tabindex: id === chosen ? "0" : "-1", onclick: () => this.onTopic(id) },
          name,
        ),
      ),
    );
    this.topics.onkeydown = (event) => {
      const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!by) return;
      const all = [...this.topics.children];
      const next = all[(all.indexOf(document.activeElement) + by + all.length) % all.length];
      next.focus();
      next.click();
    };
  }

  #refresh() {
    const chat = this.chat;
    if (!chat) return;
    const title = this.group ? chat.title : (this.store.bot?.first_name ?? "");
    this.title.textContent = title;
    const key = `${chat.id}`;
    if (this.face.dataset.chat !== key) {
      this.face.dataset.chat = key;
      replace(this.face, avatar({ id: chat.id, name: title, bot: !this.group, group: this.group }));
    }
    const typing = this.store.typing.get(chat.id);
    const waiting = this.store.connection !== "open";
    this.subtitle.classList.toggle("typing", Boolean(typing) && !waiting);
    if (waiting) this.subtitle.textContent = t("waiting");
    else if (typing) this.subtitle.textContent = typingText(typing, this.group ? this.store.bot?.first_name : null);
    else this.subtitle.textContent = this.group ? t("members", { n: chat.members }) : t("bot");
    this.node.classList.toggle("is-typing", Boolean(typing));
    this.composer.refresh(chat.id);
  }

  #scrolled({ atEnd, missed, away }) {
    if (this.store.open) this.store.open.atEnd = atEnd;
    this.down.hidden = !away;
    const badge = this.down.querySelector(".badge");
    badge.hidden = missed === 0;
    badge.textContent = String(missed);
    this.#missed = missed;
    if (atEnd) this.#read();
  }

  #read() {
    const chat = this.chat;
    if (!chat || document.visibilityState !== "visible" || !this.store.open.atEnd) return;
    const newest = this.store.timeline(chat.id, this.store.open.topic).messages.at(-1);
    if (newest && chat.unread > 0) this.store.markRead(chat.id, newest.id);
  }

  #messageAt(target) {
    const node = target.closest?.(".row");
    if (!node || node.classList.contains("service-row") || !this.store.open) return null;
    return this.store.timeline(this.store.open.chat, this.store.open.topic).find(Number(node.dataset.id));
  }

  #context(event) {
    if (event.target.closest("a") || getSelection()?.toString()) return;
    if (this.#messageMenu(event.target, event.clientX, event.clientY)) event.preventDefault();
  }

  async #react(message, emoji) {
    try {
      await post("/chat/react", { person: this.store.me, chat: this.store.open.chat, message: message.id, emoji });
    } catch (problem) {
      toast(t("failed", { error: why(problem) }));
    }
  }

  #messageMenu(target, x, y) {
    const message = this.#messageAt(target);
    if (!message) return false;
    const items = [{ label: t("reply"), sign: "reply", run: () => this.composer.reply(message) }];
    if (message.text) items.push({ label: t("copy-text"), sign: "copy", run: () => copy(message.text) });
    const bubble = target.closest(".row").querySelector(".bubble");
    const mine = message.reactions?.find((one) => one.mine)?.emoji;
    const quick = REACTIONS.map((emoji) => ({
      label: t("react", { emoji }),
      emoji,
      chosen: emoji === mine,
      run: () => this.act.react(message, emoji === mine ? "" : emoji),
    }));
    menu(x, y, items, { quick, onClosed: () => bubble?.focus({ preventScroll: true }) });
    return true;
  }
}
