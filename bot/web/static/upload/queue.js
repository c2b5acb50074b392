/* The files on their way: a few at a time, gone on with after every kind of break. */
import { facts, words } from "./words.js";

const AT_ONCE = 3;
const AGAIN = [0, 1000, 3000, 5000, 10000, 20000];
const LATER = 15000;
const endpoint = `/u/${facts.token}/files`;

const worker = new Worker("/u/static/sum.js");
const sums = new Map();
worker.onmessage = ({ data }) => {
  const waiting = sums.get(data.id);
  sums.delete(data.id);
  if (data.error) waiting.reject(new Error(data.error));
  else waiting.resolve(data.sha256);
};

function sum(file) {
  const id = crypto.getRandomValues(new Uint32Array(2)).join("-");
  const answer = new Promise((resolve, reject) => sums.set(id, { resolve, reject }));
  worker.postMessage({ id, file });
  return answer;
}

export class Queue {
  constructor(changed) {
    this.items = [];
    this.paused = false;
    this.changed = changed;
    this.batch = "";
    this.told = true;
    addEventListener("online", () => this.wake());
  }

  add(found) {
    const known = new Set(this.items.filter((one) => one.state !== "failed").map((one) => one.path));
    for (const { file, path } of found) {
      if (!known.has(path)) this.items.push({ file, path, size: file.size, sent: 0, state: "waiting", note: "" });
    }
    if (this.told) this.batch = String(Date.now());
    this.told = false;
    this.next();
  }

  pause() {
    this.paused = true;
    for (const one of this.items) {
      if (one.state === "sending") { one.upload?.abort(); one.state = "waiting"; }
    }
    this.changed();
  }

  resume() {
    this.paused = false;
    this.next();
  }

  /* The connection may be back: what waits for it need not wait longer. */
  wake() {
    for (const one of this.items) {
      if (one.later) { clearTimeout(one.later); one.later = 0; one.state = "waiting"; }
    }
    this.next();
  }

  next() {
    const busy = this.items.filter((one) => one.state === "sending" || one.state === "checking").length;
    if (!this.paused) {
      for (const one of this.items.filter((one) => one.state === "waiting").slice(0, AT_ONCE - busy)) this.send(one);
    }
    this.changed();
    this.tell();
  }

  async send(item) {
    item.state = "sending";
    item.note = "";
    item.sum ??= sum(item.file);
    item.sum.catch(() => {});
    const metadata = { path: item.path };
    if (item.replace) metadata.replace = "yes";
    const upload = new tus.Upload(item.file, {
      endpoint,
      metadata,
      retryDelays: AGAIN,
      removeFingerprintOnSuccess: true,
      fingerprint: async (file) => ["pailot", facts.folder, item.path, file.size, file.lastModified, item.replace ? 1 : 0].join(":"),
      onShouldRetry: (error) => {
        const status = error.originalResponse?.getStatus() ?? 0;
        return status === 0 || status === 409 || status === 423 || status >= 500;
      },
      onProgress: (sent) => { item.sent = sent; item.note = ""; this.changed(); },
      onSuccess: () => this.finish(item, upload.url),
      onError: (error) => this.broke(item, error),
    });
    item.upload = upload;
    const before = await upload.findPreviousUploads();
    if (before.length) upload.resumeFromPreviousUpload(before[0]);
    if (item.state === "sending") upload.start();
  }

  async finish(item, url) {
    item.state = "checking";
    item.sent = item.size;
    this.changed();
    try {
      const sha256 = await item.sum;
      const answer = await fetch(`${url}/finish`, { method: "POST", body: JSON.stringify({ sha256 }) });
      const said = await answer.json().catch(() => ({}));
      if (answer.ok) {
        item.state = "done";
        item.inside = said.path;
      } else if (answer.status === 412) {
        item.state = "exists";
      } else {
        item.state = "failed";
        item.note = said.message || words.failed;
      }
    } catch (error) {
      this.later(item);
    }
    this.next();
  }

  broke(item, error) {
    const answer = error.originalResponse;
    const status = answer?.getStatus() ?? 0;
    let said = {};
    try { said = JSON.parse(answer?.getBody() || "{}"); } catch { /* not ours */ }
    if (status === 412) item.state = "exists";
    else if (status === 0 || status === 423 || status >= 500) this.later(item);
    else {
      item.state = "failed";
      item.note = status === 410 ? words.expired : said.message || words.failed;
    }
    this.next();
  }

  /* Nothing is given up because of a connection. */
  later(item) {
    item.state = "later";
    item.note = words.broken;
    item.later = setTimeout(() => { item.later = 0; item.state = "waiting"; this.next(); }, LATER);
  }

  decide(item, replace) {
    item.replace = replace;
    item.state = replace ? "waiting" : "skipped";
    this.next();
  }

  retry(item) {
    item.state = "waiting";
    item.sum = undefined;
    this.next();
  }

  /* Once nothing is on its way any more, the chat hears of what arrived. */
  tell() {
    const done = this.items.filter((one) => one.state === "done" && !one.told);
    const open = this.items.some((one) => ["waiting", "sending", "checking", "later"].includes(one.state));
    if (this.told || open || !done.length) return;
    this.told = true;
    for (const one of done) one.told = true;
    const body = JSON.stringify({
      batch: this.batch,
      count: done.length,
      bytes: done.reduce((total, one) => total + one.size, 0),
      path: common(done.map((one) => one.path)),
    });
    fetch(`/u/${facts.token}/done`, { method: "POST", body, keepalive: true }).catch(() => { this.told = false; });
  }
}

/* The file itself, or the directory that holds them all. */
function common(paths) {
  if (paths.length === 1) return paths[0];
  let first = paths[0].split("/").slice(0, -1);
  for (const path of paths) {
    const names = path.split("/");
    let same = 0;
    while (same < first.length && first[same] === names[same]) same += 1;
    first = first.slice(0, same);
  }
  return first.join("/");
}
