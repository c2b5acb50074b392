// Documents and pictures inside a bubble.

import { fileAddress } from "../core/api.js";
import { el } from "../core/dom.js";
import { bytes } from "../core/time.js";
import { t } from "../core/words.js";
import { icon } from "../ui/icons.js";
import { readable, showDocument, showPhoto } from "../ui/viewer.js";

const LARGEST_SIDE = 420;

export function attachment(message) {
  const parts = [];
  if (message.photo) parts.push(picture(message));
  if (message.document) parts.push(documentLine(message.document));
  return parts;
}

function picture({ photo, text }) {
  const scale = Math.min(1, LARGEST_SIDE / Math.max(photo.width, photo.height));
  const alt = text ? text.slice(0, 120) : t("photo");
  return el(
    "button",
    { class: "photo", "aria-label": `${t("photo")}: ${alt}`, onclick: () => showPhoto(photo, alt) },
    el("img", {
      src: fileAddress(photo.file_id),
      alt: "",
      width: Math.round(photo.width * scale),
      height: Math.round(photo.height * scale),
      decoding: "async",
    }),
  );
}

function documentLine(file) {
  const kind = extension(file.name);
  const face = el("span", { class: `file-face file-${family(kind)}`, "aria-hidden": "true" }, kind || icon("file"));
  const words = el(
    "span",
    { class: "file-words" },
    el("span", { class: "file-name" }, file.name),
    el("span", { class: "file-size" }, bytes(file.size)),
  );
  const save = el(
    "a",
    { class: "file-save", href: fileAddress(file.file_id), download: file.name, "aria-label": `${t("download")} ${file.name}` },
    icon("download"),
  );
  const main = readable(file)
    ? el("button", { class: "file-main", onclick: () => showDocument(file), "aria-label": `${t("open")} ${file.name}` }, face, words)
    : el("a", { class: "file-main", href: fileAddress(file.file_id), download: file.name }, face, words);
  return el("div", { class: "file" }, main, save);
}

function extension(name) {
  const match = /\.([A-Za-z0-9]{1,5})$/u.exec(name);
  return match ? match[1].toLowerCase() : "";
}

function family(kind) {
  if (/^(ya?ml|json|toml|py|sh|ini|cfg)$/u.test(kind)) return "code";
  if (/^(log|txt|md|csv)$/u.test(kind)) return "text";
  if (/^(png|jpe?g|gif|webp|svg)$/u.test(kind)) return "image";
  if (/^(zip|tar|gz|7z|xz)$/u.test(kind)) return "pack";
  return "other";
}
