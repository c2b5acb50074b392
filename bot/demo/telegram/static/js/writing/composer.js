// Where one writes: text that grows, commands, replies, files, drafts that survive a reload.

import { post, why } from "../core/api.js";
import { el } from "../core/dom.js";
import { t } from "../core/words.js";
import { icon } from "../ui/icons.js";
import { toast } from "../ui/overlays.js";
import { Commands } from "./commands.js";
import { offer } from "./upload.js";

export class Composer {
  #reply = null;
  #sending = false;

  constructor({ store, onArrowUp }) {
    this.store = store;
    this.onArrowUp = onArrowUp;
    this.input = el("textarea", {
      class: "input",
      rows: "1",
      dir: "auto",
      role: "combobox",
      "aria-expanded": "false",
      "aria-haspopup": "listbox",
      autocomplete: "off",
      spellcheck: "false",
      enterkeyhint: "send",
    });
    this.commands = new Commands({ store, input: this.input, onPick: (command, send) => this.#picked(command, send) });
    this.chooser = el("input", { type: "file", multiple: true, hidden: true, tabindex: "-1" });
    this.replyBar = el("div", { class: "reply-bar", hidden: true });
    this.menuKey = this.#tool("menu", t("commands"), () => this.#menu(), "command-key");
    this.attachKey = this.#tool("attach", t("attach"), () => this.chooser.click());
    this.sendKey = this.#tool("send", t("send"), () => this.send(), "send-key");
    this.startKey = el("button", { class: "start-key", hidden: true, onclick: () => this.start() }, t("start"));
    this.line = el("div", { class: "write-line" }, this.menuKey, this.input, this.attachKey, this.sendKey);
    this.node = el("footer", { class: "composer" }, this.commands.box, this.replyBar, this.line, this.startKey, this.chooser);
    this.#listen();
  }

  #tool(sign, name, run, extra = "") {
    return el("button", { class: `tool ${extra}`, type: "button", "aria-label": name, title: name, onclick: run }, icon(sign));
  }

  #listen() {
    this.input.addEventListener("input", () => {
      this.#grow();
      this.#keepDraft();
      this.commands.update();
    });
    this.input.addEventListener("keydown", (event) => this.#key(event));
    // A press on the list takes the focus away for a moment; only staying away closes it.
    this.input.addEventListener("blur", () =>
      setTimeout(() => document.activeElement !== this.input && this.commands.close(), 100),
    );
    this.chooser.addEventListener("change", () => {
      this.offer(this.chooser.files);
      this.chooser.value = "";
    });
  }

  #key(event) {
    if (this.commands.takes(event)) {
      event.preventDefault();
    } else if (event.key === "Enter" && !event.shiftKey && !event.isComposing && !matchMedia("(pointer: coarse)").matches) {
      event.preventDefault();
      this.send();
    } else if (event.key === "Escape" && this.#reply) {
      this.reply(null);
    } else if (event.key === "ArrowUp" && this.input.value === "") {
      event.preventDefault();
      this.onArrowUp();
    }
  }

  /** Shows the place for this chat: its draft, or the START button when the bot was never started. */
  show({ group }) {
    const { chat } = this.store.open;
    this.reply(null);
    this.input.value = sessionStorage.getItem(this.#draftKey()) ?? "";
    this.input.placeholder = t(group ? "write-group" : "write");
    this.input.setAttribute("aria-label", t(group ? "write-group" : "write"));
    this.commands.close();
    this.refresh(chat);
    this.#grow();
  }

  /** The START button gives way as soon as the chat was started. */
  refresh(chat) {
    const known = this.store.chat(chat);
    const waits = known?.type === "private" && known.started === false;
    this.startKey.hidden = !waits;
    if (this.line.hidden === waits) return;
    this.line.hidden = waits;
    this.#grow();
  }

  #draftKey() {
    return `draft:${this.store.me}:${this.store.open?.chat}:${this.store.open?.topic ?? ""}`;
  }

  #keepDraft() {
    if (this.input.value) sessionStorage.setItem(this.#draftKey(), this.input.value);
    else sessionStorage.removeItem(this.#draftKey());
    this.line.classList.toggle("has-text", this.input.value.trim() !== "");
  }

  #grow() {
    this.input.style.height = "auto"; // and so it stays while it can't be seen, and nothing be measured
    if (this.input.scrollHeight > 0) this.input.style.height = `${Math.min(this.input.scrollHeight, innerHeight * 0.4)}px`;
    this.line.classList.toggle("has-text", this.input.value.trim() !== "");
  }

  #menu() {
    if (this.commands.open) {
      this.commands.close();
      return;
    }
    this.input.focus();
    this.commands.update("/");
  }

  #picked(command, send) {
    const group = this.store.chat(this.store.open.chat)?.type !== "private";
    const text = group ? `/${command}@${this.store.bot.username}` : `/${command}`;
    if (send) {
      this.#write("");
      this.sendText(text);
    } else {
      this.#write(`${text} `);
      this.input.focus();
    }
  }

  #write(text) {
    this.input.value = text;
    this.#grow();
    this.#keepDraft();
  }

  reply(message) {
    this.#reply = message;
    this.replyBar.hidden = !message;
    if (!message) return;
    const name = message.from?.name ?? "";
    this.replyBar.replaceChildren(
      icon("reply"),
      el("div", { class: "reply-words" }, el("strong", {}, t("reply-to", { name })), el("span", {}, message.text || message.document?.name || t("photo"))),
      this.#tool("close", t("cancel-reply"), () => this.reply(null)),
    );
    this.input.focus();
  }

  offer(files) {
    if (!this.store.open || files.length === 0) return;
    offer(files, { person: this.store.me, chat: this.store.open.chat, topic: this.store.open.topic || null });
  }

  async start(payload = null) {
    try {
      const message = await post("/chat/start", { person: this.store.me, ...(payload && { payload }) });
      if (message?.id) this.store.take(message);
    } catch (problem) {
      toast(t("send-failed", { error: why(problem) }));
    }
  }

  async send() {
    const text = this.input.value.trim();
    if (!text || this.#sending) return;
    this.#sending = true;
    const replied = this.#reply;
    this.#write("");
    this.reply(null);
    this.commands.close();
    const sent = await this.sendText(text, replied?.id ?? null);
    this.#sending = false;
    if (sent) return;
    if (this.input.value === "") this.#write(text);
    if (!this.#reply && replied) this.reply(replied);
  }

  /** Sends to the open chat; what could not be sent is said, and false comes back. */
  async sendText(text, replyTo = null) {
    const { chat, topic } = this.store.open;
    const body = { person: this.store.me, chat, text };
    if (topic) body.topic = topic;
    if (replyTo) body.reply_to = replyTo;
    try {
      this.store.take(await post("/chat/send", body));
      return true;
    } catch (problem) {
      toast(t("send-failed", { error: why(problem) }));
      return false;
    }
  }
}
