// Files on their way out: chosen, dropped or pasted, looked at first, then sent with a caption.

import { upload, why } from "../core/api.js";
import { el } from "../core/dom.js";
import { bytes } from "../core/time.js";
import { t } from "../core/words.js";
import { icon } from "../ui/icons.js";
import { toast } from "../ui/overlays.js";

const MOST = 50 * 1024 * 1024;
const BOT_READS = 20 * 1024 * 1024;

/** Shows the files and asks; sends them with progress. `where` is {person, chat, topic}. */
export function offer(files, where) {
  const fitting = [...files].filter((file) => {
    if (file.size <= MOST) return true;
    toast(t("too-big", { name: file.name, size: bytes(file.size) }));
    return false;
  });
  if (fitting.length === 0) return;
  const pictures = fitting.every((file) => /^image\/(png|jpeg|webp|gif)$/u.test(file.type));
  const addresses = [];
  const asPhoto = el("input", { type: "checkbox", id: "as-photo" });
  asPhoto.checked = pictures;
  const caption = el("input", { class: "field", type: "text", maxlength: "1024", placeholder: t("caption"), "aria-label": t("caption") });
  const progress = el("progress", { max: "1", value: "0", hidden: true, "aria-label": t("send") });
  const send = el("button", { class: "key key-primary", type: "submit" }, t("send"));
  const title = fitting.length === 1 ? t("send-file") : t("send-files", { n: fitting.length });
  const form = el(
    "form",
    { method: "dialog" },
    el("h2", {}, title),
    el("div", { class: "files" }, fitting.map((file) => preview(file, addresses))),
    fitting.some((file) => file.size > BOT_READS) ? el("p", { class: "hint" }, t("bot-limit")) : null,
    pictures ? el("label", { class: "choice" }, asPhoto, t("as-photo")) : null,
    caption,
    progress,
    el("div", { class: "dialog-keys" }, el("button", { class: "key", type: "button", onclick: () => box.close() }, t("cancel")), send),
  );
  const box = el("dialog", { class: "dialog send-files", "aria-label": title }, form);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (send.disabled) return;
    send.disabled = true;
    progress.hidden = false;
    const fields = { ...where, caption: caption.value, as: pictures && asPhoto.checked ? "photo" : null };
    try {
      await upload(fields, fitting, (part) => {
        progress.value = part;
      });
      box.close();
    } catch (problem) {
      send.disabled = false;
      progress.hidden = true;
      toast(t("upload-failed", { error: why(problem) }));
    }
  });
  box.addEventListener("close", () => {
    for (const address of addresses) URL.revokeObjectURL(address);
    box.remove();
  });
  document.getElementById("overlays").append(box);
  box.showModal();
  caption.focus();
}

function preview(file, addresses) {
  let face = el("span", { class: "file-face file-other", "aria-hidden": "true" }, icon("file"));
  if (/^image\//u.test(file.type)) {
    const address = URL.createObjectURL(file);
    addresses.push(address);
    face = el("img", { src: address, alt: "" });
  }
  return el("div", { class: "file" }, face, el("span", { class: "file-words" }, el("span", { class: "file-name" }, file.name), el("span", { class: "file-size" }, bytes(file.size))));
}

/** Lets files be dropped on `zone` and pasted anywhere on the page. */
export function acceptFiles(zone, take) {
  const veil = el("div", { class: "drop-veil", "aria-hidden": "true" }, el("div", {}, icon("attach"), t("drop")));
  zone.append(veil);
  let depth = 0;
  const carries = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
  const turn = (by) => {
    depth = Math.max(0, depth + by);
    zone.classList.toggle("dropping", depth > 0);
  };
  zone.addEventListener("dragenter", (event) => carries(event) && (event.preventDefault(), turn(1)));
  zone.addEventListener("dragleave", (event) => carries(event) && turn(-1));
  zone.addEventListener("dragover", (event) => carries(event) && event.preventDefault());
  zone.addEventListener("drop", (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    turn(-depth);
    take(event.dataTransfer.files);
  });
  document.addEventListener("paste", (event) => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (files.length === 0 || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    take(files);
  });
}
