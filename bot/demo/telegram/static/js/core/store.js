// What the page knows, for the one person it is open as; everything drawn listens to it.

import { get, post } from "./api.js";
import { debounced } from "./dom.js";
import { Live } from "./live.js";
import { Timeline } from "./timeline.js";
import { t } from "./words.js";

export class Store extends EventTarget {
  people = [];
  bot = null;
  chats = new Map();
  me = null;
  open = null; // {chat, topic} on screen
  typing = new Map();
  connection = "open";
  #timelines = new Map();
  #live = null;

  tell(name, detail = null) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }

  hear(names, run) {
    for (const name of names.split(" ")) this.addEventListener(name, (event) => run(event.detail, name));
  }

  /** Becomes this person: loads what they see and follows it. */
  async become(id) {
    this.#live?.stop();
    this.#timelines.clear();
    this.typing.clear();
    this.me = id;
    const seq = await this.load();
    this.#live = new Live({
      person: this.me,
      since: seq,
      onEvent: (event) => this.#take(event),
      onState: (state) => this.#connected(state),
      resync: () => this.resync(),
    });
    return seq;
  }

  async load() {
    const state = await get("/chat/state", { person: this.me });
    this.people = state.people;
    this.bot = state.bot;
    this.chats = new Map(state.chats.map((chat) => [chat.id, chat]));
    this.tell("chats");
    return state.seq;
  }

  async resync() {
    const seq = await this.load();
    await Promise.all([...this.#timelines.values()].map((timeline) => timeline.refresh()));
    this.tell("commands");
    this.tell("resync");
    return seq;
  }

  reload = debounced(() => this.load().catch(() => {}), 120);

  #connected(state) {
    if (this.connection === state) return;
    this.connection = state;
    this.tell("connection", state);
  }

  person(id = this.me) {
    return this.people.find((person) => person.id === id) ?? null;
  }

  chat(id) {
    return this.chats.get(id) ?? null;
  }

  timeline(chat, topic = null) {
    const key = `${chat}:${topic ?? ""}`;
    if (!this.#timelines.has(key)) this.#timelines.set(key, new Timeline(this.me, chat, topic));
    return this.#timelines.get(key);
  }

  #timelinesOf(chat) {
    return [...this.#timelines.values()].filter((timeline) => timeline.chat === chat);
  }

  /** True when the person is looking at this chat's newest messages right now. */
  looking(chat) {
    return this.open?.chat === chat && document.visibilityState === "visible" && Boolean(this.open.atEnd);
  }

  /** One's own message as the sending answered it; the stream may have told of it, and of later edits, before. */
  take(message) {
    for (const timeline of this.#timelinesOf(message.chat)) if (!timeline.find(message.id)) timeline.put(message);
  }

  #take(event) {
    switch (event.kind) {
      case "message":
        this.#arrived(event);
        break;
      case "edit":
        for (const timeline of this.#timelinesOf(event.chat)) timeline.edit(event.message);
        this.#lastText(event.message);
        break;
      case "delete":
        for (const timeline of this.#timelinesOf(event.chat)) timeline.remove(event.id);
        this.reload();
        break;
      case "reaction":
        for (const timeline of this.#timelinesOf(event.chat)) timeline.react(event.id, event.reactions);
        break;
      case "typing":
        this.#types(event);
        break;
      case "chat":
        this.#chatChanged(event);
        break;
      default:
        this.tell(event.kind, event);
    }
  }

  #chatChanged(event) {
    if (event.chat && typeof event.chat === "object") {
      this.chats.set(event.chat.id, { ...this.chats.get(event.chat.id), ...event.chat });
      this.tell("chats");
    } else {
      this.reload();
    }
  }

  #arrived({ chat: id, message }) {
    for (const timeline of this.#timelinesOf(id)) timeline.put(message);
    this.#quiet(id);
    const chat = this.chats.get(id);
    if (!chat) {
      this.reload();
      return;
    }
    const mine = message.from?.id === this.me;
    const unread = mine || this.looking(id) ? 0 : 1;
    this.chats.set(id, {
      ...chat,
      started: chat.started || mine || Boolean(message.from?.is_bot),
      unread: mine ? 0 : (chat.unread ?? 0) + unread,
      silent_unread: mine ? 0 : (chat.silent_unread ?? 0) + (message.silent ? unread : 0),
      last: { ...lastOf(message), id: message.id },
    });
    this.tell("chats");
    this.tell("message", { chat: id, message, mine });
  }

  #lastText(message) {
    const chat = this.chats.get(message.chat);
    if (!chat?.last || chat.last.date !== message.date) return;
    this.chats.set(chat.id, { ...chat, last: { ...chat.last, ...lastOf(message) } });
    this.tell("chats");
  }

  #types({ chat, topic = null, action, until }) {
    clearTimeout(this.typing.get(chat)?.timer);
    const left = Math.min(Math.max(Number(until) * 1000 - Date.now(), 800), 6000);
    const timer = setTimeout(() => this.#quiet(chat), left);
    this.typing.set(chat, { topic, action, timer });
    this.tell("typing", chat);
  }

  #quiet(chat) {
    if (!this.typing.has(chat)) return;
    clearTimeout(this.typing.get(chat).timer);
    this.typing.delete(chat);
    this.tell("typing", chat);
  }

  markRead = debounced((chat, upto) => {
    const known = this.chats.get(chat);
    if (!known || (known.unread === 0 && known.read === upto)) return;
    this.chats.set(chat, { ...known, unread: 0, silent_unread: 0, read: upto });
    this.tell("chats");
    post("/chat/read", { person: this.me, chat, upto }).catch(() => {});
  }, 150);
}

export function lastOf(message) {
  const file = message.photo ? `🖼 ${message.text ? "" : t("photo")}` : message.document ? `📎 ${message.document.name} ` : "";
  return { text: `${file}${message.text ?? ""}`.trim(), date: message.date, from: message.from?.name ?? "" };
}
