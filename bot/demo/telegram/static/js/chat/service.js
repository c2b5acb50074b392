// Lines in the middle of a chat that nobody wrote: joined, left, topic opened, upgraded.

import { t } from "../core/words.js";

export function serviceText(message) {
  const { kind, name = "", who = message.from?.name ?? "" } = message.service;
  switch (kind) {
    case "pinned_message":
      return `${who} ${t("pinned")}`;
    case "new_chat_members":
      return `${who} ${t("joined")}`;
    case "left_chat_member":
      return `${who} ${t("left")}`;
    case "forum_topic_created":
    case "forum_topic_edited":
      return t("topic-made", { name });
    case "migrate_to_chat_id":
    case "migrate_from_chat_id":
      return t("upgraded");
    default:
      return message.text || t("service");
  }
}
