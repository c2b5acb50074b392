// The messages of one chat (or one topic of it) that the page knows, oldest first, filled page by page.

import { get } from "./api.js";

export const PAGE = 50;

export class Timeline {
  messages = [];
  more = true;
  loaded = false;
  #loading = null;
  #gone = new Set(); // a deletion can arrive before the answer to one's own sending
  #listeners = new Set();

  constructor(person, chat, topic) {
    this.person = person;
    this.chat = chat;
    this.topic = topic;
  }

  listen(hear) {
    this.#listeners.add(hear);
    return () => this.#listeners.delete(hear);
  }

  #tell(change) {
    for (const hear of this.#listeners) hear(change);
  }

  holds(message) {
    return this.topic === null || (message.topic ?? 0) === this.topic;
  }

  find(id) {
    const index = this.indexAtOrAfter(id);
    return this.messages[index]?.id === id ? this.messages[index] : null;
  }

  indexAtOrAfter(id) {
    let low = 0;
    let high = this.messages.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.messages[middle].id < id) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The newest page again: after opening, and after events were missed. Keeps older pages that still fit. */
  async refresh() {
    const page = await this.#ask(null);
    const first = page.messages[0]?.id;
    const joins = this.loaded && this.messages.some((known) => first !== undefined && known.id >= first);
    const kept = joins ? this.messages.filter((known) => known.id < first) : [];
    this.messages = [...kept, ...page.messages];
    if (!joins) this.more = page.more;
    this.loaded = true;
    this.#tell({ kind: "reset" });
  }

  /** One page of older messages; false when there were none. Calls at the same time share one request. */
  older() {
    if (!this.more || !this.loaded) return Promise.resolve(false);
    this.#loading ??= this.#ask(this.messages[0]?.id ?? null)
      .then((page) => {
        this.more = page.more && page.messages.length > 0;
        const known = this.messages[0]?.id ?? Infinity;
        const fresh = page.messages.filter((message) => message.id < known);
        this.messages.unshift(...fresh);
        if (fresh.length > 0) this.#tell({ kind: "older", count: fresh.length });
        return fresh.length > 0;
      })
      .finally(() => {
        this.#loading = null;
      });
    return this.#loading;
  }

  async #ask(before) {
    return get("/chat/history", { person: this.person, chat: this.chat, topic: this.topic, before, limit: PAGE });
  }

  put(message) {
    if (!this.loaded || !this.holds(message) || this.#gone.has(message.id)) return;
    const index = this.indexAtOrAfter(message.id);
    const known = this.messages[index]?.id === message.id;
    this.messages.splice(index, known ? 1 : 0, message);
    this.#tell({ kind: known ? "edit" : "add", message, last: index === this.messages.length - 1 });
  }

  edit(message) {
    if (this.find(message.id)) this.put(message);
  }

  remove(id) {
    this.#gone.add(id);
    const index = this.indexAtOrAfter(id);
    if (this.messages[index]?.id !== id) return;
    this.messages.splice(index, 1);
    this.#tell({ kind: "remove", id });
  }

  react(id, reactions) {
    const message = this.find(id);
    if (message) this.put({ ...message, reactions });
  }
}
