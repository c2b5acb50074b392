/* Many small files together: in batches, into a directory of their own, in their places when all are there. */
import { base, call, meaning, patiently, work } from "./net.js";
import { facts, words } from "./words.js";

export const SMALL = 1 << 20;
const BATCH_BYTES = 8 << 20;
const BATCH_FILES = 1000;
const LANES = 2;
const DAMAGED = "upload-batch-bad";
const encoder = new TextEncoder();

export class Crate {
  constructor(found) {
    this.found = found;
    this.count = found.length;
    this.size = found.reduce((total, one) => total + (one.file?.size ?? 0), 0);
    this.path = common(found.map((one) => one.path), true);
    Object.assign(this, { sent: 0, state: "waiting", note: "", arrived: new Set(), left: [] });
  }

  async run(changed) {
    this.aborting = new AbortController();
    this.stop = () => this.aborting.abort();
    try {
      if (!this.gathered) {
        const trouble = (await this.open()) ?? (await this.send(changed));
        if (trouble) return this.become(...meaning(trouble));
        this.gathered = true;
      }
      this.become("checking");
      changed();
      return await this.close();
    } catch (error) {
      if (error.name === "AbortError") return this.become("waiting");
      if (error.name !== "Unreadable") throw error;
      return this.become("failed", `${words.changed} ${error.message}`);
    }
  }

  async open() {
    const known = localStorage.getItem(this.key);
    if (known && !this.id) {
      const answer = await patiently(() => call("GET", `${base}/crates/${known}`));
      if (answer.status === 200) {
        this.id = known;
        for (const one of this.found) {
          if (one.file && answer.said.there[one.path] === one.file.size) this.arrived.add(one);
        }
      } else if (answer.status !== 422) return answer;
    }
    if (this.id) return null;
    const answer = await patiently(() => call("POST", `${base}/crates`, { body: JSON.stringify({ bytes: this.size }) }));
    if (answer.status !== 201) return answer;
    this.id = answer.said.id;
    localStorage.setItem(this.key, this.id);
    return null;
  }

  /* The first answer that was no success; nothing when all is there. */
  async send(changed) {
    const batches = cut(this.found.filter((one) => !this.arrived.has(one)));
    const moving = new Map();
    const show = () => {
      let sent = 0;
      for (const one of this.arrived) sent += one.file?.size ?? 0;
      for (const bytes of moving.values()) sent += bytes;
      this.sent = Math.min(sent, this.size);
      changed();
    };
    let trouble = null;
    const lane = async () => {
      for (let batch = batches.shift(); batch && !trouble; batch = batches.shift()) {
        const { body, sha256 } = await made(batch);
        const answer = await this.post(body, sha256, (bytes) => { moving.set(batch, bytes); show(); });
        moving.delete(batch);
        if (answer.status === 204) for (const one of batch) this.arrived.add(one);
        else trouble ??= answer;
        show();
      }
    };
    show();
    await Promise.all(Array.from({ length: LANES }, lane));
    return trouble;
  }

  async post(body, sha256, progress) {
    const options = { body, headers: { "X-Sha256": sha256 }, progress, signal: this.aborting.signal };
    let answer;
    for (let tries = 0; tries < 3; tries += 1) {
      answer = await patiently(() => call("POST", `${base}/crates/${this.id}`, options));
      if (answer.said.error !== DAMAGED) return answer;
    }
    return answer;
  }

  async close() {
    this.sent = this.size;
    const body = JSON.stringify({ replace: this.replace === true });
    const answer = await patiently(() => call("POST", `${base}/crates/${this.id}/close`, { body }));
    if (answer.status !== 200) return this.become(...meaning(answer));
    this.left = answer.said.left;
    if (this.left.length) return this.become("exists");
    localStorage.removeItem(this.key);
    this.inside = [facts.inside.replace(/\/$/, ""), this.path].filter(Boolean).join("/");
    return this.become("done");
  }

  decide(replace) {
    this.replace = replace;
    if (replace) return this.become("waiting");
    this.kept = this.left.length;
    this.clear();
    this.inside = [facts.inside.replace(/\/$/, ""), this.path].filter(Boolean).join("/");
    return this.become(this.kept < this.count ? "done" : "skipped");
  }

  retry() { this.become("waiting"); }

  cancel() {
    this.become("skipped");
    this.stop?.();
    this.clear();
  }

  clear() {
    localStorage.removeItem(this.key);
    if (this.id) call("DELETE", `${base}/crates/${this.id}`);
  }

  /* The same files picked again go on where they stopped; one changed file makes it another crate. */
  get key() {
    this.sealed ??= `pailot-crate:${facts.folder}:${hash(this.found)}`;
    return this.sealed;
  }

  become(state, note = "") {
    if (this.state !== "skipped" || state === "waiting") this.state = state;
    this.note = note;
  }
}

function cut(found) {
  const batches = [];
  let batch = [], bytes = 0;
  for (const one of found) {
    const size = one.file?.size ?? 0;
    if (batch.length && (batch.length >= BATCH_FILES || bytes + size > BATCH_BYTES)) {
      batches.push(batch);
      batch = [];
      bytes = 0;
    }
    batch.push(one);
    bytes += size;
  }
  if (batch.length) batches.push(batch);
  return batches;
}

/* The body of a batch: how long the list is, the list, all contents. */
async function made(batch) {
  const list = encoder.encode(JSON.stringify(batch.map(({ path, file }) => [path, file ? file.size : -1])));
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, list.length);
  try {
    return await work("body", new Blob([length, list, ...batch.map((one) => one.file).filter(Boolean)]));
  } catch {
    for (const { path, file } of batch) {
      try { await file?.slice(0, 1).arrayBuffer(); } catch { throw gone(path); }
    }
    throw gone("");
  }
}

function gone(path) {
  const error = new Error(path);
  error.name = "Unreadable";
  return error;
}

/* The directory that holds them all; with `inner`, never the file itself. */
export function common(paths, inner = false) {
  if (paths.length === 1 && !inner) return paths[0];
  let first = paths[0].split("/").slice(0, -1);
  for (const path of paths) {
    const names = path.split("/");
    let same = 0;
    while (same < first.length && first[same] === names[same]) same += 1;
    first = first.slice(0, same);
  }
  return first.join("/");
}

function hash(found) {
  let a = 0xdeadbeef, b = 0x41c6ce57;
  for (const { path, file } of found) {
    const words = `${path}\0${file?.size ?? -1}\0${file?.lastModified ?? 0}\0`;
    for (let at = 0; at < words.length; at += 1) {
      const code = words.charCodeAt(at);
      a = Math.imul(a ^ code, 2654435761);
      b = Math.imul(b ^ code, 1597334677);
    }
  }
  return `${found.length}-${(a >>> 0).toString(36)}${(b >>> 0).toString(36)}`;
}
