// Which messages stand together: under one day, and in one breath of one person.

import { el } from "../core/dom.js";
import { dayName } from "../core/time.js";
import { t } from "../core/words.js";

const SAME_BREATH = 300; // s within which messages of one person stand together

/** The section of a day, its name first, put before another one. */
export function daySection(list, key, date, before) {
  const section = el("section", { class: "day", data: { day: key } }, el("div", { class: "day-name" }, dayName(date)));
  list.insertBefore(section, before);
  return section;
}

/** One name and one face for neighbours by the same person; a line before the first unread message. */
export function standTogether(list, unreadFrom) {
  for (const section of list.children) {
    const rows = [...section.children].slice(1);
    rows.forEach((node, index) => {
      const before = rows[index - 1];
      const after = rows[index + 1];
      node.classList.toggle("first", !before || !together(before, node));
      node.classList.toggle("last", !after || !together(node, after));
      const marked = Number(node.dataset.id) === unreadFrom;
      node.classList.toggle("unread-from", marked);
      if (marked) node.dataset.mark = t("new-messages");
    });
  }
}

function together(before, after) {
  return (
    before.dataset.from === after.dataset.from &&
    !before.classList.contains("service-row") &&
    !after.classList.contains("service-row") &&
    Number(after.dataset.date) - Number(before.dataset.date) < SAME_BREATH
  );
}
