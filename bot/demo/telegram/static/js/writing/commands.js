// The list of commands that opens while one types `/`, filtered letter by letter.

import { get } from "../core/api.js";
import { el } from "../core/dom.js";
import { t } from "../core/words.js";

export class Commands {
  #known = new Map(); // "person:chat" → commands
  #shown = [];
  #chosen = 0;

  constructor({ store, input, onPick }) {
    this.store = store;
    this.input = input;
    this.onPick = onPick;
    this.box = el("div", { class: "commands", role: "listbox", id: "commands", "aria-label": t("commands-list"), hidden: true });
    input.setAttribute("aria-controls", "commands");
    input.setAttribute("aria-autocomplete", "list");
    store.hear("commands", () => {
      this.#known.clear();
      if (!this.box.hidden) this.update();
    });
  }

  get open() {
    return !this.box.hidden;
  }

  async #of(chat) {
    const key = `${this.store.me}:${chat}`;
    if (!this.#known.has(key)) {
      this.#known.set(key, await get("/chat/commands", { person: this.store.me, chat }));
    }
    return this.#known.get(key);
  }

  /** Shows what fits the text typed so far: `/` alone shows all. */
  async update(typed = this.input.value) {
    const match = /^\/(\w*)$/u.exec(typed);
    const chat = this.store.open?.chat;
    if (!match || chat === undefined) return this.close();
    const all = await this.#of(chat).catch(() => []);
    if (typed !== "/" && this.input.value !== typed) return undefined; // typed on meanwhile
    const begun = match[1].toLowerCase();
    const starts = all.filter(({ command }) => command.startsWith(begun));
    const inside = all.filter(({ command, description }) => !command.startsWith(begun) && begun && (command.includes(begun) || description.toLowerCase().includes(begun)));
    this.#shown = [...starts, ...inside];
    if (this.#shown.length === 0) return this.close();
    this.#chosen = 0;
    this.#draw();
    return undefined;
  }

  #draw() {
    this.box.hidden = false;
    this.box.replaceChildren(
      ...this.#shown.map(({ command, description }, index) =>
        el(
          "div",
          {
            class: "command",
            role: "option",
            id: `command-${index}`,
            "aria-selected": String(index === this.#chosen),
            onpointerdown: (event) => event.preventDefault(),
            onclick: () => this.#pick(index, true),
          },
          el("strong", {}, `/${command}`),
          el("span", {}, description),
        ),
      ),
    );
    this.input.setAttribute("aria-expanded", "true");
    this.input.setAttribute("aria-activedescendant", `command-${this.#chosen}`);
    this.box.children[this.#chosen]?.scrollIntoView({ block: "nearest" });
  }

  #pick(index, send) {
    const { command } = this.#shown[index];
    this.close();
    this.onPick(command, send);
  }

  close() {
    this.box.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }

  /** True when the key was for the list: arrows choose, Enter sends, Tab completes, Escape closes. */
  takes(event) {
    if (!this.open || event.isComposing) return false;
    const count = this.#shown.length;
    if (event.key === "ArrowDown") this.#chosen = (this.#chosen + 1) % count;
    else if (event.key === "ArrowUp") this.#chosen = (this.#chosen - 1 + count) % count;
    else if (event.key === "Enter" && !event.shiftKey) return this.#pick(this.#chosen, true), true;
    else if (event.key === "Tab") return this.#pick(this.#chosen, false), true;
    else if (event.key === "Escape") return this.close(), true;
    else return false;
    this.#draw();
    return true;
  }
}
