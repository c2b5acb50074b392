// Lines in the middle of a chat that nobody wrote: joined, left, topic opened, upgraded.

import { t } from "../core/words.js";

export function serviceText(message) {
  const { kind, ...more } = message.service;
  const name = more.name ?? more.title ?? "";
  const who = more.who ?? message.from?.name ?? "";
  switch (kind) {
    case "pinned":
    case "pinned_message":
      return `${who} ${t("pinned")}`;
    case "joined":
    case "new_chat_members":
      return `${who} ${t("joined")}`;
    case "left":
    case "left_chat_member":
      return `${who} ${t("left")}`;
    case "topic":
    case "forum_topic_created":
      return t("topic-made", { name });
    case "title":
    case "new_chat_title":
      return `${who} ${t("title-changed", { name })}`;
    case "migrated":
    case "migrate_to_chat_id":
    case "migrate_from_chat_id":
      return t("upgraded");
    default:
      return message.text || t("service");
  }
}
