// The panel beside the chat: the tour, the lab's controls, and what this page is.

import { el } from "../core/dom.js";
import { t } from "../core/words.js";
import { icon } from "../ui/icons.js";
import { about } from "./about.js";
import { Lab } from "./controls.js";
import { Tour } from "./tour.js";

const SHUT = "pailot.panel";

export class Panel {
  constructor({ store, go }) {
    this.store = store;
    this.tour = new Tour({ store, go, onShow: () => this.#onPhone() && this.toggle(false), onOpen: () => this.#openTour() });
    this.lab = new Lab({ store });
    this.pages = { tour: this.tour.node, lab: this.lab.node, about: about() };
    this.tabs = Object.keys(this.pages).map((name) =>
      el(
        "button",
        { class: "panel-tab", role: "tab", id: `tab-${name}`, "aria-controls": `page-${name}`, onclick: () => this.choose(name) },
        t(name),
      ),
    );
    const tablist = el("div", { class: "panel-tabs", role: "tablist", "aria-label": t("panel") }, this.tabs);
    tablist.addEventListener("keydown", (event) => this.#keys(event));
    this.node = el(
      "aside",
      { class: "panel", "aria-label": t("panel") },
      el("header", { class: "panel-head" }, tablist, el("button", { class: "tool", "aria-label": t("close"), title: t("close"), onclick: () => this.toggle(false) }, icon("close"))),
      Object.entries(this.pages).map(([name, page]) => {
        page.id = `page-${name}`;
        page.setAttribute("role", "tabpanel");
        page.setAttribute("aria-labelledby", `tab-${name}`);
        page.setAttribute("tabindex", "0");
        page.classList.add("panel-page");
        return page;
      }),
    );
    this.choose("tour");
    this.toggle(localStorage.getItem(SHUT) !== "shut" && matchMedia("(min-width: 1100px)").matches, { keep: false });
  }

  async begin() {
    await Promise.all([this.tour.load(), this.lab.load()]);
  }

  #openTour() {
    this.choose("tour");
    this.toggle(true);
  }

  #onPhone() {
    return matchMedia("(max-width: 1099px)").matches;
  }

  choose(name) {
    for (const tab of this.tabs) {
      const chosen = tab.id === `tab-${name}`;
      tab.setAttribute("aria-selected", String(chosen));
      tab.setAttribute("tabindex", chosen ? "0" : "-1");
    }
    for (const [key, page] of Object.entries(this.pages)) page.hidden = key !== name;
    this.lab.watch(name === "lab" && document.body.dataset.panel === "open");
    this.chosen = name;
  }

  toggle(open = document.body.dataset.panel !== "open", { keep = true } = {}) {
    document.body.dataset.panel = open ? "open" : "shut";
    if (keep && !this.#onPhone()) localStorage.setItem(SHUT, open ? "open" : "shut");
    this.node.inert = !open;
    this.lab.watch(open && this.chosen === "lab");
    if (open && keep) this.tabs.find((tab) => tab.getAttribute("aria-selected") === "true")?.focus();
  }

  #keys(event) {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!by) return;
    const next = this.tabs[(this.tabs.indexOf(document.activeElement) + by + this.tabs.length) % this.tabs.length];
    next.focus();
    next.click();
  }
}
