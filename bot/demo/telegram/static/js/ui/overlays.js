// What comes before the page for a moment: toasts, alerts, questions, menus and the viewer.

import { el } from "../core/dom.js";
import { t } from "../core/words.js";
import { coloured, icon } from "./icons.js";

const TOAST_MILLISECONDS = 3600;

/** Says it for a moment; `about` names what it is about, of which only the newest is shown. */
export function toast(text, { action = null, about = null } = {}) {
  const shelf = document.getElementById("toasts");
  const node = el("div", { class: "toast" }, el("span", {}, text));
  if (about !== null) {
    for (const older of [...shelf.children]) if (older.dataset.about === String(about)) older.remove();
    node.dataset.about = about;
  }
  const leave = () => {
    node.classList.add("leaving");
    setTimeout(() => node.remove(), 200);
  };
  if (action) {
    node.classList.add("pressable");
    node.append(
      el("button", { class: "toast-action", onclick: () => (leave(), action.run()) }, action.label),
    );
  }
  shelf.append(node);
  while (shelf.children.length > 3) shelf.firstElementChild.remove();
  setTimeout(leave, TOAST_MILLISECONDS + Math.min(text.length * 30, 4000));
}

/** Opens a modal dialog; resolves with the pressed button's value, or null when closed. */
export function dialog({ title, body, buttons, className = "" }) {
  return new Promise((resolve) => {
    const node = el(
      "dialog",
      { class: `dialog ${className}`, "aria-label": title },
      el("h2", {}, title),
      el("div", { class: "dialog-body" }, body),
      el(
        "div",
        { class: "dialog-keys" },
        buttons.map(({ label, value, kind = "plain", first = false }) =>
          el("button", { class: `key key-${kind}`, autofocus: first, onclick: () => done(value) }, label),
        ),
      ),
    );
    let value = null;
    const done = (given) => {
      value = given;
      node.close();
    };
    node.addEventListener("close", () => {
      node.remove();
      resolve(value);
    });
    node.addEventListener("click", (event) => {
      if (event.target === node) node.close();
    });
    document.getElementById("overlays").append(node);
    node.showModal();
  });
}

export function alertBox(text) {
  return dialog({
    title: t("from-bot"),
    body: el("p", { class: "alert-text" }, text),
    buttons: [{ label: t("ok"), value: true, kind: "primary", first: true }],
  });
}

export async function confirmed(text, label) {
  const yes = await dialog({
    title: label,
    body: el("p", {}, text),
    buttons: [
      { label: t("cancel"), value: null, first: true },
      { label, value: true, kind: "danger" },
    ],
  });
  return yes === true;
}

/** A small menu at a point of the screen; closes on choice, click beside, Escape or scroll. */
/** `quick` are a row of single characters above the items. */
export function menu(x, y, items, { quick = [], onClosed = () => {} } = {}) {
  document.querySelector(".menu")?.dispatchEvent(new Event("closemenu"));
  const box = el(
    "div",
    { class: "menu", role: "menu" },
    quick.length === 0
      ? null
      : el(
          "div",
          { class: "menu-quick", role: "group" },
          quick.map(({ label, emoji, chosen, run }) =>
            el("button", { class: `menu-emoji${chosen ? " chosen" : ""}`, role: "menuitem", "aria-label": label, title: label, onclick: () => (close(), run()) }, coloured(emoji)),
          ),
        ),
    items.map(({ label, sign, run }) =>
      el("button", { class: "menu-item", role: "menuitem", onclick: () => (close(), run()) }, icon(sign), label),
    ),
  );
  const close = () => {
    box.remove();
    removeEventListener("pointerdown", outside, true);
    removeEventListener("keydown", keys, true);
    onClosed();
  };
  const outside = (event) => {
    if (!box.contains(event.target)) close();
  };
  const keys = (event) => {
    const rows = [...box.querySelectorAll("[role=menuitem]")];
    const now = rows.indexOf(document.activeElement);
    if (event.key === "Escape" || event.key === "Tab") close();
    else if (event.key === "ArrowDown" || event.key === "ArrowRight") rows[(now + 1) % rows.length].focus();
    else if (event.key === "ArrowUp" || event.key === "ArrowLeft") rows[(now - 1 + rows.length) % rows.length].focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  box.addEventListener("closemenu", close);
  document.getElementById("overlays").append(box);
  const place = box.getBoundingClientRect();
  box.style.left = `${Math.max(8, Math.min(x, innerWidth - place.width - 8))}px`;
  box.style.top = `${Math.max(8, Math.min(y, innerHeight - place.height - 8))}px`;
  addEventListener("pointerdown", outside, true);
  addEventListener("keydown", keys, true);
  box.querySelector(".menu-item")?.focus();
}

export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    toast(t("copied"));
  } catch {
    const area = el("textarea", { class: "unseen", "aria-hidden": "true" });
    area.value = text;
    document.body.append(area);
    area.select();
    const worked = document.execCommand("copy");
    area.remove();
    toast(t(worked ? "copied" : "copy-failed"));
  }
}
