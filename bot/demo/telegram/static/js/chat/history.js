// The scrolling list of messages: a window of at most 250 rows over a timeline that may hold thousands.

import { debounced, el } from "../core/dom.js";
import { dayKey } from "../core/time.js";
import { PAGE } from "../core/timeline.js";
import { t } from "../core/words.js";
import { redraw, row } from "./bubble.js";
import { daySection, standTogether } from "./grouping.js";

const MOST_ROWS = 5 * PAGE;
const NEAR = 700; // px from an end at which the window grows

export class History {
  #timeline = null;
  #rows = new Map();
  #from = 0;
  #to = 0;
  #unlisten = () => {};
  #stuck = true; // at the end, and staying there
  #missed = 0;
  #busy = false;
  #newFrom = null; // id of the first message that was unread when the chat was opened

  constructor({ onEnd }) {
    this.onEnd = onEnd;
    this.list = el("div", { class: "rows", role: "presentation" });
    this.empty = el("p", { class: "empty", hidden: true });
    this.scroller = el("div", { class: "scroller", tabindex: "0", role: "log", "aria-live": "off" }, this.empty, this.list);
    this.spoken = el("div", { class: "unseen", "aria-live": "polite" });
    this.scroller.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    this.scroller.addEventListener("keydown", (event) => this.#keys(event));
    const keepEnd = new ResizeObserver(() => {
      if (this.#stuck) this.#toEnd();
    });
    keepEnd.observe(this.list);
    keepEnd.observe(this.scroller);
  }

  async show(timeline, view, { unread = 0, title = "", empty = "" } = {}) {
    this.#unlisten();
    this.#timeline = timeline;
    this.view = view;
    this.scroller.setAttribute("aria-label", t("messages", { title }));
    this.empty.textContent = empty;
    this.#rows.clear();
    this.list.replaceChildren();
    this.#stuck = true;
    this.#missed = 0;
    this.#newFrom = null;
    this.#unlisten = timeline.listen((change) => this.#changed(change));
    await (timeline.loaded ? null : timeline.refresh());
    if (this.#timeline !== timeline) return;
    if (unread > 0) this.#newFrom = this.#firstUnread(unread);
    this.#from = Math.max(0, timeline.messages.length - PAGE);
    this.#to = timeline.messages.length;
    this.#draw();
    this.#toEnd();
    if (this.#newFrom !== null) this.#showUnread();
    this.#ended();
  }

  #firstUnread(unread) {
    const others = this.#timeline.messages.filter((message) => message.from?.id !== this.view.me && !message.service);
    return others.at(-Math.min(unread, others.length))?.id ?? null;
  }

  #showUnread() {
    const first = this.#rows.get(this.#newFrom);
    if (first && first.offsetTop < this.scroller.scrollTop) {
      this.#stuck = false;
      this.scroller.scrollTop = first.offsetTop - 60;
    }
  }

  get atEnd() {
    const { scrollTop, scrollHeight, clientHeight } = this.scroller;
    return this.#to === (this.#timeline?.messages.length ?? 0) && scrollHeight - scrollTop - clientHeight < 40;
  }

  newest() {
    const all = this.#timeline.messages.length;
    this.#from = Math.max(0, all - PAGE);
    this.#to = all;
    this.#stuck = true;
    this.#draw();
    this.#toEnd();
    this.#ended();
  }

  /** Scrolls to a message, loading older pages until it is there; false when it is gone. */
  async jump(id) {
    const timeline = this.#timeline;
    while (!timeline.find(id) && timeline.more && (timeline.messages[0]?.id ?? 0) > id) {
      if (!(await timeline.older()) || this.#timeline !== timeline) break;
    }
    if (this.#timeline !== timeline || !timeline.find(id)) return false;
    const index = timeline.indexAtOrAfter(id);
    if (index < this.#from || index >= this.#to) {
      this.#from = Math.max(0, index - PAGE);
      this.#to = Math.min(timeline.messages.length, index + PAGE);
    }
    this.#stuck = false;
    this.#draw();
    const node = this.#rows.get(id);
    node.scrollIntoView({ block: "center" });
    node.classList.remove("flash");
    requestAnimationFrame(() => node.classList.add("flash"));
    setTimeout(() => node.classList.remove("flash"), 1600);
    return true;
  }

  focusLast() {
    [...this.list.querySelectorAll(".bubble")].at(-1)?.focus();
  }

  #changed(change) {
    const messages = this.#timeline.messages;
    if (change.kind === "older") {
      this.#from += change.count;
      this.#to += change.count;
      this.#extendUp();
    } else if (change.kind === "edit") {
      const node = this.#rows.get(change.message.id);
      if (node) this.#keeping(() => redraw(node, change.message, this.view));
    } else if (change.kind === "remove") {
      this.#removed(change.id);
    } else if (change.kind === "add" && change.last) {
      this.#added(change.message);
    } else {
      for (const node of this.#rows.values()) node.remove();
      this.#rows.clear();
      this.#from = Math.max(0, messages.length - PAGE);
      this.#to = messages.length;
      this.#draw();
      this.#toEnd();
      this.#ended();
    }
  }

  #added(message) {
    const mine = message.from?.id === this.view.me;
    const follows = this.#to === this.#timeline.messages.length - 1;
    if (mine || (this.#stuck && follows)) {
      if (!follows) this.#from = Math.max(0, this.#timeline.messages.length - PAGE);
      this.#to = this.#timeline.messages.length;
      if (this.#to - this.#from > MOST_ROWS) this.#from = this.#to - MOST_ROWS + PAGE;
      this.#stuck = true;
      this.#draw();
      this.#rows.get(message.id)?.classList.add("arriving");
      this.#toEnd();
    } else {
      if (follows && this.#to - this.#from < MOST_ROWS) {
        this.#to += 1;
        this.#keeping(() => this.#draw());
      }
      this.#missed += 1;
    }
    if (!mine) this.spoken.textContent = `${message.from?.name ?? ""}: ${(message.text ?? "").slice(0, 300)}`;
    this.#ended();
  }

  #removed(id) {
    const node = this.#rows.get(id);
    const index = this.#timeline.indexAtOrAfter(id);
    if (index < this.#from) this.#from -= 1;
    if (index < this.#to) this.#to -= 1;
    if (node) this.#keeping(() => this.#draw());
    this.#ended();
  }

  /** Makes the rows of the window, and only those, stand in the list in their order, under their days. */
  #draw() {
    const wanted = this.#timeline.messages.slice(this.#from, this.#to);
    const ids = new Set(wanted.map((message) => message.id));
    for (const [id, node] of this.#rows) {
      if (!ids.has(id)) {
        node.remove();
        this.#rows.delete(id);
      }
    }
    let section = null;
    let place = null;
    for (const message of wanted) {
      const day = dayKey(message.date);
      if (section?.dataset.day !== day) {
        const next = section ? section.nextElementSibling : this.list.firstElementChild;
        section = next?.dataset.day === day ? next : daySection(this.list, day, message.date, next);
        place = section.firstElementChild;
      }
      let node = this.#rows.get(message.id);
      if (!node) {
        node = row(message, this.view);
        this.#rows.set(message.id, node);
      }
      if (place.nextElementSibling !== node) place.after(node);
      place = node;
    }
    for (const day of [...this.list.children]) if (day.childElementCount < 2) day.remove();
    standTogether(this.list, this.#newFrom);
    this.empty.hidden = wanted.length > 0 || !this.#timeline.loaded;
  }

  /** Changes the list without moving what the reader looks at. */
  #keeping(change) {
    if (this.#stuck) {
      change();
      this.#toEnd();
      return;
    }
    const top = this.scroller.getBoundingClientRect().top;
    const anchors = [...this.list.querySelectorAll(".row")]
      .map((node) => ({ node, at: node.getBoundingClientRect() }))
      .filter(({ at }) => at.bottom > top)
      .slice(0, 4);
    change();
    const kept = anchors.find(({ node }) => node.isConnected);
    if (kept) this.scroller.scrollTop += kept.node.getBoundingClientRect().top - kept.at.top;
  }

  async #extendUp() {
    if (this.#from > 0) {
      this.#keeping(() => {
        this.#from = Math.max(0, this.#from - PAGE);
        if (this.#to - this.#from > MOST_ROWS) this.#to = this.#from + MOST_ROWS;
        this.#draw();
      });
      this.#ended();
    } else if (this.#timeline.more && !this.#busy) {
      this.#busy = true;
      try {
        await this.#timeline.older();
      } catch {
        // The stream notices a lost connection; scrolling again asks again.
      } finally {
        this.#busy = false;
      }
    }
  }

  #extendDown() {
    this.#keeping(() => {
      this.#to = Math.min(this.#timeline.messages.length, this.#to + PAGE);
      if (this.#to - this.#from > MOST_ROWS) this.#from = this.#to - MOST_ROWS;
      this.#draw();
    });
  }

  #scrolled() {
    if (!this.#timeline) return;
    const { scrollTop, scrollHeight, clientHeight } = this.scroller;
    const below = scrollHeight - scrollTop - clientHeight;
    this.#stuck = below < 40 && this.#to === this.#timeline.messages.length;
    if (scrollTop < NEAR && !this.#stuck) this.#extendUp();
    if (below < NEAR && this.#to < this.#timeline.messages.length) this.#extendDown();
    this.#ended();
    if (!this.#stuck) this.scroller.classList.add("scrolling");
    this.#still();
    this.#markStuckDays();
  }

  /** A day's name that floats over other messages shows only while one scrolls. */
  #markStuckDays() {
    for (const day of this.list.children) {
      const name = day.firstElementChild;
      name.classList.toggle("stuck", name.offsetTop > 12);
    }
  }

  #still = debounced(() => this.scroller.classList.remove("scrolling"), 900);

  #toEnd() {
    this.scroller.scrollTop = this.scroller.scrollHeight;
  }

  #ended() {
    const atEnd = this.atEnd;
    if (atEnd) this.#missed = 0;
    const far = this.scroller.scrollHeight - this.scroller.scrollTop - this.scroller.clientHeight > 260;
    this.#markStuckDays();
    this.onEnd({ atEnd, missed: this.#missed, away: !atEnd && (far || this.#missed > 0) });
  }

  #keys(event) {
    const bubble = event.target.closest?.(".bubble");
    const all = [...this.list.querySelectorAll(".bubble")];
    const index = bubble ? all.indexOf(bubble) : -1;
    const to = { ArrowUp: index < 0 ? all.length - 1 : index - 1, ArrowDown: index + 1 }[event.key];
    if (to !== undefined && (bubble || event.target === this.scroller) && !event.target.closest("pre")) {
      const next = all[Math.max(0, Math.min(to, all.length - 1))];
      if (!next) return;
      event.preventDefault();
      next.focus({ preventScroll: true });
      next.scrollIntoView({ block: "nearest" });
    } else if (bubble && event.target === bubble && (event.key === "r" || event.key === "Enter")) {
      event.preventDefault();
      this.view.act.reply(this.#timeline.find(Number(bubble.closest(".row").dataset.id)));
    }
  }
}
