// Round faces: letters on the person's colour, an anchor for the bot.

import { el, initials, tone } from "../core/dom.js";
import { icon } from "./icons.js";

export function avatar({ id, name, bot = false, group = false }, size = "m") {
  const face = bot ? icon("anchor") : group ? icon("group") : initials(name);
  return el(
    "span",
    { class: `avatar avatar-${size} ${bot ? "avatar-bot" : `tone-${tone(id)}`}`, "aria-hidden": "true" },
    face,
  );
}
