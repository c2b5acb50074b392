/* A worker that adds up SHA-256 of files, piece by piece: plain http pages have no crypto.subtle. */
importScripts("/u/static/vendor/sha256.umd.min.js");

const PIECE = 4 << 20;
let before = Promise.resolve();

async function sum(file) {
  const digest = await hashwasm.createSHA256();
  digest.init();
  for (let at = 0; at < file.size; at += PIECE) {
    digest.update(new Uint8Array(await file.slice(at, at + PIECE).arrayBuffer()));
  }
  return digest.digest("hex");
}

onmessage = ({ data: { id, file } }) => {
  before = before.then(async () => {
    try {
      postMessage({ id, sha256: await sum(file) });
    } catch (error) {
      postMessage({ id, error: String(error) });
    }
  });
};
