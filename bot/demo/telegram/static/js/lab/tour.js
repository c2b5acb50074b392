// The tour: steps that tick themselves when the lab saw them happen, each with a button that does it.

import { roleOf } from "../chat/people.js";
import { get, post, why } from "../core/api.js";
import { el, replace } from "../core/dom.js";
import { either, language, t } from "../core/words.js";
import { icon } from "../ui/icons.js";
import { toast } from "../ui/overlays.js";

export class Tour {
  #steps = [];
  #doing = null;
  #next;

  /** `onShow` makes room for the chat where the panel covers it, `onOpen` brings the panel. */
  constructor({ store, go, onShow, onOpen }) {
    this.store = store;
    this.go = go;
    this.onShow = onShow;
    this.node = el("section", {});
    this.invitation = el("button", { class: "tour-invitation", hidden: true, onclick: onOpen });
    store.hear("tour", (event) => this.take(event));
    store.hear("chats opened", () => this.draw());
    store.hear("reset resync", () => this.load());
  }

  async load() {
    try {
      this.take(await get("/lab/tour"));
    } catch {
      this.draw();
    }
  }

  take({ steps }) {
    if (!Array.isArray(steps)) return;
    this.#steps = steps;
    this.draw();
  }

  draw() {
    const done = this.#steps.filter((step) => step.done).length;
    const next = this.#steps.find((step) => !step.done);
    const all = this.#steps.length;
    this.invitation.hidden = !next;
    replace(this.invitation, icon("panel"), el("span", {}, el("strong", {}, t("tour-invitation")), el("span", {}, t("tour-progress", { done, all }))));
    if (all === 0) {
      replace(this.node, el("p", { class: "panel-lead" }, t("lab-away")));
      return;
    }
    const key = document.activeElement?.closest?.("[data-step]")?.dataset.step;
    replace(
      this.node,
      el("p", { class: "panel-lead" }, t("tour-lead", { all })),
      el("div", { class: "tour-bar" }, el("progress", { max: all, value: done, "aria-label": t("tour-progress", { done, all }) }), el("span", {}, t("tour-progress", { done, all }))),
      el("ol", { class: "steps" }, this.#steps.map((step, index) => this.#step(step, index, step === next))),
      next ? null : el("p", { class: "tour-end" }, t("tour-finished")),
    );
    if (key) this.node.querySelector(`[data-step="${key}"] button`)?.focus({ preventScroll: true });
    if (this.#next !== next?.id) (this.node.querySelector(".step-next") ?? this.node.lastElementChild).scrollIntoView({ block: "nearest" });
    this.#next = next?.id;
  }

  #step(step, index, next) {
    const who = this.store.person(step.person);
    const state = step.done ? "done" : next ? "next" : "later";
    const mark = el("span", { class: "step-mark" }, step.done ? icon("check") : String(index + 1));
    const title = el("h3", {}, either(step.title), el("span", { class: "unseen" }, step.done ? ` – ${t("done")}` : next ? ` – ${t("next")}` : ""));
    const body = el("div", { class: "step-body" }, title);
    if (!step.done && next) {
      body.append(
        el("p", {}, either(step.text)),
        step.hint ? el("p", { class: "step-hint" }, el("code", {}, either(step.hint))) : "",
        el(
          "div",
          { class: "step-keys" },
          el("button", { class: "key key-primary", disabled: this.#doing === step.id, onclick: () => this.#perform(step) }, t(this.#doing === step.id ? "doing" : "do-it")),
          this.#there(step)
            ? null
            : el("button", { class: "key", onclick: () => this.#visit(step) }, t("go-there")),
          who ? el("span", { class: "step-who" }, t("as-person", { name: who.first_name, role: roleOf(who) })) : null,
        ),
      );
    }
    return el("li", { class: `step step-${state}`, data: { step: step.id }, "aria-current": next ? "step" : null }, mark, body);
  }

  #there(step) {
    return this.store.me === step.person && (step.chat === null || this.store.open?.chat === step.chat);
  }

  #visit(step) {
    this.onShow();
    this.go({ person: step.person, chat: step.chat ?? step.person, topic: step.topic ?? null });
  }

  async #perform(step) {
    this.#doing = step.id;
    this.draw();
    if (!this.#there(step)) this.#visit(step);
    else this.onShow();
    try {
      await post("/lab/tour/do", { step: step.id, language: language() });
    } catch (problem) {
      toast(t("failed", { error: why(problem) }));
    } finally {
      this.#doing = null;
      this.draw();
    }
  }
}
