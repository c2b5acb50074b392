// Looks at pictures and text documents without leaving the chat.

import { fileAddress } from "../core/api.js";
import { el } from "../core/dom.js";
import { bytes } from "../core/time.js";
import { t } from "../core/words.js";
import { icon } from "./icons.js";
import { copy } from "./overlays.js";

const READABLE = /\.(txt|log|ya?ml|json|csv|md|py|sh|toml|cfg|ini|dockerfile)$|^dockerfile/iu;
const LARGEST_TEXT = 512 * 1024;

export function readable({ name, size, mime }) {
  return size <= LARGEST_TEXT && (READABLE.test(name) || (mime ?? "").startsWith("text/"));
}

function open(title, detail, body, address, name, extra = []) {
  const box = el(
    "dialog",
    { class: "viewer", "aria-label": title },
    el(
      "header",
      {},
      el("div", { class: "viewer-title" }, el("strong", {}, title), el("span", {}, detail)),
      extra,
      el("a", { class: "tool", href: address, download: name, "aria-label": t("download"), title: t("download") }, icon("download")),
      el("button", { class: "tool", "aria-label": t("close"), title: t("close"), onclick: () => box.close() }, icon("close")),
    ),
    body,
  );
  box.addEventListener("close", () => box.remove());
  box.addEventListener("click", (event) => {
    if (event.target === box || event.target.classList.contains("viewer-stage")) box.close();
  });
  document.getElementById("overlays").append(box);
  box.showModal();
}

export function showPhoto(photo, alt) {
  const address = fileAddress(photo.file_id);
  const picture = el("img", { src: address, alt, width: photo.width, height: photo.height });
  open(t("photo"), `${photo.width} × ${photo.height}`, el("div", { class: "viewer-stage" }, picture), address, "photo.png");
}

export async function showDocument(file) {
  const address = fileAddress(file.file_id);
  const text = await (await fetch(address)).text();
  const tool = el(
    "button",
    { class: "tool", "aria-label": t("copy-text"), title: t("copy-text"), onclick: () => copy(text) },
    icon("copy"),
  );
  open(file.name, bytes(file.size), el("pre", { class: "viewer-text", tabindex: "0" }, text), address, file.name, [tool]);
}
