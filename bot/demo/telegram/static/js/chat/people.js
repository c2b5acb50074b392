// Who one is: the faces on top of the list, each a press away.

import { el, replace } from "../core/dom.js";
import { t } from "../core/words.js";
import { avatar } from "../ui/avatar.js";

const ROLES = new Set(["admin", "student", "second", "person"]);

export const nameOf = (person) => [person?.first_name, person?.last_name].filter(Boolean).join(" ");

export const roleOf = (person) => (ROLES.has(person?.role) ? t(`role-${person.role}`) : (person?.role ?? ""));

export class People {
  constructor({ store, onChoose }) {
    this.store = store;
    this.onChoose = onChoose;
    this.node = el("div", { class: "people", role: "radiogroup", "aria-label": t("you-are") });
    this.node.addEventListener("keydown", (event) => this.#keys(event));
    store.hear("chats", () => this.draw());
  }

  /** Those one can be: the people with a part in the demo, or everybody when none has one. */
  cast() {
    const parts = this.store.people.filter((person) => person.role);
    return parts.length > 0 ? parts : this.store.people.slice(0, 6);
  }

  draw() {
    const focused = this.node.contains(document.activeElement);
    replace(
      this.node,
      this.cast().map((person) => {
        const chosen = person.id === this.store.me;
        const name = nameOf(person);
        return el(
          "button",
          {
            class: "person",
            role: "radio",
            "aria-checked": String(chosen),
            "aria-label": `${name}, ${roleOf(person)}`,
            title: chosen ? `${t("you-are")} ${name}` : t("switch-person", { name, role: roleOf(person) }),
            tabindex: chosen ? "0" : "-1",
            onclick: () => this.onChoose(person.id),
          },
          avatar({ id: person.id, name }),
          el("span", { class: "person-name" }, person.first_name),
          el("span", { class: "person-role" }, roleOf(person)),
        );
      }),
    );
    if (focused) this.node.querySelector('[aria-checked="true"]')?.focus();
  }

  /** The next (or previous) person becomes the reader. */
  step(by) {
    const cast = this.cast();
    const now = cast.findIndex((person) => person.id === this.store.me);
    this.onChoose(cast[(now + by + cast.length) % cast.length].id);
  }

  #keys(event) {
    const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    this.step(by);
  }
}
