/* One request, and what its answer means for a file on its way. */
import { facts, words } from "./words.js";

export const base = `${facts.root}/u/${facts.token}`;

export function call(method, url, { body, headers = {}, progress, signal } = {}) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(method, url);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    if (progress) request.upload.onprogress = ({ loaded }) => progress(loaded);
    request.onload = () => resolve({ status: request.status, said: parsed(request.responseText) });
    request.onerror = () => resolve({ status: 0, said: {} });
    request.onabort = () => reject(new DOMException("paused", "AbortError"));
    signal?.addEventListener("abort", () => request.abort());
    request.send(body);
  });
}

/* A few tries with pauses, for what a moment may mend; then the last answer. */
export async function patiently(run, pauses = [500, 2000, 5000]) {
  for (const pause of [...pauses, 0]) {
    const answer = await run();
    if (!passes(answer.status) || !pause) return answer;
    await new Promise((done) => setTimeout(done, pause));
  }
}

export const passes = (status) => status === 0 || status === 408 || status === 423 || status === 429 || (status >= 500 && status !== 507);

/* [state, note] of an item that got such an answer. */
export function meaning({ status, said }) {
  if (status === 410) return ["ended", words.expired];
  if (status === 403) return ["ended", words.taken];
  if (status === 412) return ["exists", ""];
  if (status === 423) return ["later", said.message || words.busy];
  if (passes(status)) return ["later", said.message || (status ? words.server : words.broken)];
  return ["failed", said.message || words.failed];
}

export function parsed(text) {
  try { return JSON.parse(text || "{}"); } catch { return {}; }
}

/* Sums and bodies are made by a worker, so that the page stays quick. */
const worker = new Worker(`${facts.root}/u/static/sum.js`);
const asked = new Map();
worker.onmessage = ({ data }) => {
  const waiting = asked.get(data.id);
  asked.delete(data.id);
  if (data.error) waiting.reject(new Error(data.error));
  else waiting.resolve(data);
};
let last = 0;

export function work(kind, blob) {
  last += 1;
  const id = last;
  const answer = new Promise((resolve, reject) => asked.set(id, { resolve, reject }));
  worker.postMessage({ id, kind, blob, root: facts.root });
  return answer;
}
