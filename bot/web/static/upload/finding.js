/* What was dropped or picked, as a list of paths: files, and directories that are empty. */

export function picked(list) {
  return [...list].map((file) => ({ file, path: file.webkitRelativePath || file.name }));
}

export async function dropped(transfer) {
  /* Both lists are gone after the event: they are read before the first pause. */
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  const files = [...transfer.files];
  if (!entries.length) return picked(files);
  const found = [];
  for (const entry of entries) await walk(entry, found);
  return found;
}

async function walk(entry, found) {
  const path = entry.fullPath.replace(/^\//, "");
  if (entry.isFile) {
    try {
      found.push({ file: await new Promise((resolve, reject) => entry.file(resolve, reject)), path });
    } catch {
      found.push({ file: null, path, unreadable: true });
    }
    return;
  }
  const reader = entry.createReader();
  let count = 0;
  for (;;) {
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject)).catch(() => null);
    if (some === null) { found.push({ file: null, path, unreadable: true }); return; }
    if (!some.length) break;
    count += some.length;
    for (const one of some) await walk(one, found);
  }
  if (!count) found.push({ file: null, path });
}

const encoder = new TextEncoder();

/* Why the storage server could not keep it under this name: a key of words, or nothing. */
export function problem({ path, unreadable }) {
  if (unreadable) return "unreadable";
  /* The replacement character stands where the disk's name is no valid text. */
  if (path.includes("\ufffd") || /[\ud800-\udfff]/u.test(path)) return "bytes";
  const names = path.split("/");
  if (names.some((name) => name === "" || name === "." || name === ".." || name.includes("\0"))) return "odd";
  if (names.some((name) => encoder.encode(name).length > 255) || encoder.encode(path).length > 2900) return "long";
  return names[0] === ".pailot" && (names.length === 1 || names[1].startsWith(".")) ? "own" : "";
}
