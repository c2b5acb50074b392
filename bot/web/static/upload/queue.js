/* Everything on its way: a few at a time, gone on with after every kind of break, told in the chat once. */
import { Crate, SMALL, common } from "./crate.js";
import { problem } from "./finding.js";
import { base } from "./net.js";
import { Single } from "./single.js";
import { words } from "./words.js";

const AT_ONCE = 3;
const LATER = 15000;
/* From so many on, small files travel together. */
const MANY = 6;
const OPEN = ["waiting", "sending", "checking", "later"];

export class Queue {
  constructor(changed) {
    this.items = [];
    this.paused = false;
    this.ended = "";
    /* How many choices are still being read: what was chosen is not there yet. */
    this.coming = 0;
    this.changed = changed;
    this.batch = "";
    addEventListener("online", () => this.wake());
  }

  add(found) {
    /* What is under way already; what arrived before may have changed since, and is sent anew. */
    const open = this.items.filter((one) => !["done", "failed", "skipped"].includes(one.state));
    const known = new Set(open.flatMap((one) => (one.found ?? [one]).map(({ path }) => path)));
    const small = [];
    for (const one of found) {
      const wrong = problem(one);
      if (wrong) this.items.push({ path: one.path, size: 0, count: 1, sent: 0, state: "failed", note: words[wrong], hopeless: true });
      else if (known.has(one.path)) continue;
      else if (!one.file || one.file.size <= SMALL) small.push(one);
      else this.items.push(new Single(one.file, one.path));
    }
    if (small.length >= MANY || small.some((one) => !one.file)) this.items.push(new Crate(small));
    else for (const one of small) this.items.push(new Single(one.file, one.path));
    if (!this.batch && found.length) this.batch = `${Date.now()}-${Math.floor(Math.random() * 1e6)}`;
    this.next();
  }

  get open() {
    return this.coming > 0 || this.items.some((one) => OPEN.includes(one.state));
  }

  pause() {
    this.paused = true;
    for (const one of this.items) if (one.state === "sending") one.stop?.();
    this.changed();
  }

  resume() {
    this.paused = false;
    this.wake();
  }

  /* The connection may be back: what waits for it need not wait longer. */
  wake() {
    for (const one of this.items) {
      if (one.state === "later") { clearTimeout(one.timer); one.state = "waiting"; }
    }
    this.next();
  }

  /* The link is of no use any more: nothing is asked for by it, and what was sent is kept for the next one. */
  end(note) {
    this.ended = note;
    this.pause();
  }

  next() {
    const busy = this.items.filter((one) => one.state === "sending" || one.state === "checking").length;
    if (!this.paused) {
      for (const one of this.items.filter((one) => one.state === "waiting").slice(0, Math.max(0, AT_ONCE - busy))) this.send(one);
    }
    this.changed();
    this.tell();
  }

  async send(item) {
    item.state = "sending";
    item.note = "";
    try {
      await item.run(this.changed);
    } catch (error) {
      item.state = "failed";
      item.note = `${words.failed} (${error.message})`;
    }
    if (item.state === "ended") {
      item.state = "waiting";
      this.end(item.note);
    }
    if (item.state === "later") {
      item.timer = setTimeout(() => { if (item.state === "later") { item.state = "waiting"; this.next(); } }, LATER);
    }
    this.next();
  }

  act(item, what, ...args) {
    item[what](...args);
    this.next();
  }

  /* Once nothing is on its way any more, the chat hears of what arrived. */
  async tell() {
    const done = this.items.filter((one) => one.state === "done" && !one.told);
    if (!this.batch || this.telling || this.open || !done.length || this.items.some((one) => one.state === "exists")) return;
    this.telling = true;
    const body = JSON.stringify({
      batch: this.batch,
      count: done.reduce((total, one) => total + one.count - (one.kept ?? 0), 0),
      bytes: done.reduce((total, one) => total + one.size, 0),
      path: done.length === 1 ? done[0].path : common(done.map((one) => (one instanceof Crate ? `${one.path}/x` : one.path))),
    });
    const answer = await fetch(`${base}/done`, { method: "POST", body, keepalive: true }).catch(() => ({ ok: false, status: 0 }));
    this.telling = false;
    if (!answer.ok && answer.status !== 410 && answer.status !== 403) {
      setTimeout(() => this.tell(), 5000);
      return;
    }
    this.batch = "";
    this.heard = answer.ok;
    for (const one of done) one.told = true;
    this.changed();
  }
}
