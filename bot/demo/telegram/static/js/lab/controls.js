// The lab's controls: how fast time goes, what is broken, how full the cluster is, who has which account.

import { get, post, why } from "../core/api.js";
import { el, replace } from "../core/dom.js";
import { keepZone, moment, span } from "../core/time.js";
import { either, t } from "../core/words.js";
import { icon } from "../ui/icons.js";
import { confirmed, toast } from "../ui/overlays.js";

const SPEEDS = [1, 5, 20, 60];
const WATCH_MILLISECONDS = 1500;
const REBIRTH_MILLISECONDS = 20000;

export class Lab {
  #state = null;
  #timer = 0;

  constructor({ store }) {
    this.store = store;
    this.node = el("section", {});
    store.hear("lab", (event) => this.take(event));
    store.hear("reset resync", () => this.load());
  }

  /** Ids of the people one can be. */
  get cast() {
    return this.#state?.cast ?? [];
  }

  async load() {
    try {
      this.take(await get("/lab/state"));
    } catch {
      replace(this.node, el("p", { class: "panel-lead" }, t("lab-away")));
    }
  }

  /** Asks for the cluster again and again only while somebody looks. */
  watch(seen) {
    clearInterval(this.#timer);
    if (!seen) return;
    this.load();
    this.#timer = setInterval(() => document.visibilityState === "visible" && this.load(), WATCH_MILLISECONDS);
  }

  take(state) {
    if (!state.cluster) return;
    this.#state = state;
    keepZone(state.zone);
    this.#draw();
  }

  #draw() {
    const focused = this.node.contains(document.activeElement) ? document.activeElement.dataset.key : null;
    replace(this.node, el("p", { class: "panel-lead" }, t("lab-lead")), this.#time(), this.#cluster(), this.#breakages(), this.#accounts());
    if (focused) this.node.querySelector(`[data-key="${focused}"]`)?.focus({ preventScroll: true });
  }

  #time() {
    const { speed, paused } = this.#state;
    return el(
      "div",
      { class: "card" },
      el("h2", {}, icon("speed"), t("speed")),
      el(
        "div",
        { class: "segments", role: "group", "aria-label": t("speed") },
        SPEEDS.map((each) =>
          el("button", { class: "segment", data: { key: `speed-${each}` }, "aria-pressed": String(!paused && speed === each), onclick: () => this.#set("/lab/speed", { speed: each }) }, `${each}×`),
        ),
        el("button", { class: "segment", data: { key: "pause" }, "aria-pressed": String(paused), "aria-label": t(paused ? "resume" : "pause"), title: t(paused ? "resume" : "pause"), onclick: () => this.#set("/lab/pause", { paused: !paused }) }, icon(paused ? "play" : "pause")),
      ),
      el("p", { class: "hint" }, t(paused ? "lab-clock-paused" : "lab-clock", { time: moment(this.#state.now), speed })),
      el("button", { class: "key key-wide", data: { key: "reset" }, onclick: () => this.#reset() }, icon("reset"), t("reset")),
    );
  }

  #cluster() {
    const { pools, jobs } = this.#state.cluster;
    return el(
      "div",
      { class: "card" },
      el("h2", {}, icon("bolt"), t("cluster")),
      pools.map((pool) => {
        const words = t(pool.kind === "cpu" ? "cpus-free" : "gpus-free", { free: pool.all - pool.used, all: pool.all });
        return el(
          "div",
          { class: "pool" },
          el("span", { class: "pool-name" }, el("b", {}, pool.name), el("small", {}, pool.what ?? "")),
          el("span", { class: "pool-free" }, words),
          el("span", { class: "cells", role: "img", "aria-label": `${pool.name}: ${words}` }, Array.from({ length: pool.all }, (_, index) => el("i", { class: index < pool.used ? "used" : "" }))),
        );
      }),
      el("div", { class: "lab-jobs", tabindex: "0", role: "group", "aria-label": t("cluster") }, jobs.length === 0 ? el("p", { class: "hint" }, t("no-jobs")) : jobs.map(jobLine)),
    );
  }

  #breakages() {
    return el(
      "div",
      { class: "card" },
      el("h2", {}, icon("bolt"), t("break")),
      el("p", { class: "hint" }, t("break-lead")),
      el(
        "div",
        { class: "breakages" },
        this.#state.breakages.map((breakage) =>
          el(
            "button",
            { class: `key key-wide${breakage.active ? " key-danger" : ""}`, data: { key: `break-${breakage.id}` }, "aria-pressed": String(Boolean(breakage.active)), onclick: () => this.#set("/lab/break", { id: breakage.id, on: !breakage.active }) },
            el("span", {}, either(breakage.title), el("span", { class: "key-about" }, either(breakage.text))),
            breakage.active ? el("small", {}, breakage.left === null ? t("mend") : t("broken-for", { s: Math.ceil(breakage.left) })) : null,
          ),
        ),
      ),
    );
  }

  #accounts() {
    return el(
      "div",
      { class: "card" },
      el("h2", {}, icon("group"), t("accounts")),
      el("p", { class: "hint" }, t("accounts-lead")),
      el(
        "table",
        { class: "accounts" },
        el("thead", {}, el("tr", {}, el("th", { scope: "col" }, t("user")), el("th", { scope: "col" }, t("password")))),
        el("tbody", {}, this.#state.accounts.map(({ user, password }) => el("tr", {}, el("td", {}, el("code", {}, user)), el("td", {}, el("code", {}, password))))),
      ),
    );
  }

  async #set(path, body) {
    try {
      this.take(await post(path, body));
    } catch (problem) {
      toast(t("failed", { error: why(problem) }));
    }
  }

  async #reset() {
    if (!(await confirmed(t("reset-ask"), t("reset")))) return;
    toast(t("reset-wait"));
    try {
      await post("/lab/reset");
      await reborn(this.#state.born);
      sessionStorage.clear();
      location.replace("/");
    } catch (problem) {
      toast(t("failed", { error: why(problem) }));
    }
  }
}

/** Waits until another lab than this one answers. */
async function reborn(born) {
  const until = Date.now() + REBIRTH_MILLISECONDS;
  while (Date.now() < until) {
    await new Promise((resolve) => setTimeout(resolve, 250));
    const state = await get("/lab/state").catch(() => null);
    if (state && state.born !== born) return;
  }
  throw new Error(t("lab-away"));
}

function jobLine(job) {
  return el(
    "div",
    { class: `lab-job lab-job-${job.state}` },
    el("span", { class: "lab-job-dot", "aria-hidden": "true" }),
    el("span", { class: "lab-job-name" }, job.name),
    el("span", { class: "lab-job-who" }, job.user),
    el("span", { class: "lab-job-state" }, `${t(job.state === "running" ? "running" : "queued")} · ${t(job.gpus === 1 ? "gpu" : "gpus", { n: job.gpus })} · ${span(job.seconds)}`),
  );
}
