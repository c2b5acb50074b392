/* One file by tus: in pieces, gone on with where it stopped, under its name when its sum is right. */
import { base, call, meaning, parsed, passes, patiently, work } from "./net.js";
import { facts, words } from "./words.js";

const AGAIN = [0, 1000, 3000, 5000, 10000];
/* A proxy that holds bodies back loses no more than one piece of this; one that refuses it gets small ones. */
let piece = 64 << 20;
const SMALL_PIECE = 768 << 10;
/* What the server has no use for any more: it is sent anew. */
const LOST = ["upload-gone", "upload-damaged", "upload-offset"];

export class Single {
  constructor(file, path) {
    Object.assign(this, { file, path, size: file.size, count: 1, sent: 0, state: "waiting", note: "" });
  }

  async run(changed) {
    this.sum ??= work("file", this.file);
    this.sum.catch(() => {});
    if (!this.whole) {
      await this.bring(changed);
      if (!this.whole) return;
    }
    this.become("checking");
    this.sent = this.size;
    changed();
    await this.finish();
  }

  async bring(changed) {
    const answer = await new Promise((resolve) => {
      this.stop = () => { this.upload?.abort(); resolve(null); };
      this.start(changed, resolve);
    });
    if (answer === null) return this.become("waiting");
    if (answer.unreadable) return this.become("failed", words.changed);
    if (answer.status !== 200) return this.become(...meaning(answer));
    this.whole = true;
    return null;
  }

  async start(changed, resolve) {
    const metadata = this.replace ? { path: this.path, replace: "yes" } : { path: this.path };
    const upload = new tus.Upload(this.file, {
      endpoint: `${location.origin}${base}/files`,
      metadata,
      chunkSize: piece,
      retryDelays: AGAIN,
      fingerprint: async () => this.key,
      onShouldRetry: (error) => {
        const status = error.originalResponse?.getStatus() ?? 0;
        return !unreadable(error) && (status === 409 || passes(status));
      },
      onProgress: (sent) => { this.sent = sent; this.note = ""; changed(); },
      onSuccess: () => resolve({ status: 200 }),
      onError: (error) => {
        const status = error.originalResponse?.getStatus() ?? 0;
        if (status === 413 && piece > SMALL_PIECE) {
          piece = SMALL_PIECE;
          this.start(changed, resolve);
        } else resolve({ status, said: parsed(error.originalResponse?.getBody()), unreadable: unreadable(error) });
      },
    });
    this.upload = upload;
    const before = await upload.findPreviousUploads();
    if (before.length) {
      /* It may have begun by another link of the same person. */
      before[0].uploadUrl = `${base}/files/${before[0].uploadUrl.split("/").pop()}`;
      upload.resumeFromPreviousUpload(before[0]);
    }
    upload.start();
  }

  get key() {
    return ["pailot", facts.folder, this.path, this.size, this.file.lastModified, this.replace ? 1 : 0].join(":");
  }

  async finish() {
    let sha256;
    try { ({ sha256 } = await this.sum); } catch { return this.become("failed", words.changed); }
    const url = `${base}/files/${this.upload.url.split("/").pop()}/finish`;
    const body = JSON.stringify({ sha256, replace: this.replace === true });
    let answer;
    do { answer = await patiently(() => call("POST", url, { body })); } while (answer.status === 202);
    if (LOST.includes(answer.said.error)) this.whole = false;
    if (answer.status !== 200) return this.become(...meaning(answer));
    this.inside = answer.said.path;
    this.forget();
    return this.become("done");
  }

  decide(replace) {
    this.replace = replace;
    this.become(replace ? "waiting" : "skipped");
  }

  retry() {
    this.sum = undefined;
    this.become("waiting");
  }

  cancel() {
    this.become("skipped");
    this.stop?.();
    const id = this.upload?.url?.split("/").pop();
    if (id) call("DELETE", `${base}/files/${id}`, { headers: { "Tus-Resumable": "1.0.0" } });
    this.forget();
  }

  /* Known until it has its name: what is stopped while it is being checked need not be sent again. */
  async forget() {
    for (const one of (await this.upload?.findPreviousUploads()) ?? []) localStorage.removeItem(one.urlStorageKey);
  }

  become(state, note = "") {
    if (this.state !== "skipped" || state === "waiting") this.state = state;
    this.note = note;
  }
}

/* The disk, not the line: the file was changed or taken away since it was picked. */
function unreadable(error) {
  return !error.originalRequest && error.name !== "AbortError" && /NotReadable|NotFound/.test(`${error.name} ${error.message} ${error.causingError?.name ?? ""}`);
}
