/* A worker that adds up SHA-256, piece by piece: plain http pages have no crypto.subtle.
   `file`: the sum of a file of any size. `body`: a small blob's bytes and their sum, read once. */
const PIECE = 4 << 20;
let files = Promise.resolve();

async function digest() {
  const made = await hashwasm.createSHA256();
  made.init();
  return made;
}

async function ofFile(file) {
  const sum = await digest();
  for (let at = 0; at < file.size; at += PIECE) {
    sum.update(new Uint8Array(await file.slice(at, at + PIECE).arrayBuffer()));
  }
  return { sha256: sum.digest("hex") };
}

async function ofBody(blob) {
  const body = await blob.arrayBuffer();
  const sum = await digest();
  sum.update(new Uint8Array(body));
  return { body, sha256: sum.digest("hex") };
}

onmessage = ({ data: { id, kind, blob, root } }) => {
  if (!self.hashwasm) importScripts(`${root}/u/static/vendor/sha256.umd.min.js`);
  const answer = (made) => made.then(
    (found) => postMessage({ id, ...found }, found.body ? [found.body] : []),
    (error) => postMessage({ id, error: String(error) }),
  );
  if (kind === "body") answer(ofBody(blob));
  else files = files.then(() => answer(ofFile(blob)));
};
