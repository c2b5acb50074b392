// The page put together: who one is, which chat is open, and the panel beside it.

import { Chats } from "./chat/chats.js";
import { Conversation } from "./chat/conversation.js";
import { People, nameOf } from "./chat/people.js";
import { post, why } from "./core/api.js";
import { el, replace } from "./core/dom.js";
import { go, here } from "./core/route.js";
import { Store, lastOf } from "./core/store.js";
import { choose, clientLanguage, language, t } from "./core/words.js";
import { Panel } from "./lab/panel.js";
import { icon } from "./ui/icons.js";
import { toast } from "./ui/overlays.js";
import { flipTheme, restoreTheme } from "./ui/theme.js";

const store = new Store();
let page = null;

function build() {
  document.documentElement.lang = language() === "zh" ? "zh-CN" : "en";
  document.title = t("app");
  const people = new People({ store, onChoose: (id) => become(id) });
  const chats = new Chats({ store, onOpen: (chat) => go({ person: store.me, chat }) });
  const panel = new Panel({ store, go: (place) => go(place) });
  const conversation = new Conversation({
    store,
    onBack: () => go({ person: store.me }),
    onTopic: (topic) => go({ person: store.me, chat: store.open.chat, topic }, { quietly: true }),
    onPanel: () => panel.toggle(),
    deepLink,
  });
  const tools = el(
    "div",
    { class: "side-tools" },
    el("button", { class: "tool language-key", lang: language() === "zh" ? "en" : "zh-CN", onclick: changeLanguage }, t("language")),
    el("button", { class: "tool", "aria-label": t("theme"), title: t("theme"), onclick: flipTheme }, icon("theme")),
    el("button", { class: "tool side-panel-key", "aria-label": t("panel"), title: t("panel"), onclick: () => panel.toggle() }, icon("panel")),
  );
  const sidebar = el(
    "nav",
    { class: "sidebar", "aria-label": t("chats") },
    el("header", { class: "side-head" }, el("img", { src: "/static/icon.svg", alt: "", width: "34", height: "34" }), el("div", { class: "side-title" }, el("strong", {}, "Pailot"), el("span", {}, t("demo-badge"))), tools),
    people.node,
    chats.node,
    panel.tour.invitation,
  );
  replace(document.getElementById("app"), sidebar, conversation.node, panel.node);
  page = { people, chats, conversation, panel };
}

function changeLanguage() {
  choose(language() === "zh" ? "en" : "zh");
  location.reload();
}

/** Goes on as somebody else, in the same group if a group was open, else in their private chat with the bot. */
function become(id, chat = store.open?.chat ?? null) {
  const group = chat !== null && chat < 0;
  go({ person: id, chat: chat === null ? null : group ? chat : id, topic: group ? (store.open?.topic ?? null) : null });
}

/** Follows `https://t.me/<this bot>?start=…`: presses START with the payload in the private chat. */
function deepLink(address) {
  const url = new URL(address);
  const name = (store.bot?.username ?? "").toLowerCase();
  const ours = /^(t\.me|telegram\.me)$/u.test(url.hostname) && url.pathname.slice(1).toLowerCase() === name;
  const scheme = url.protocol === "tg:" && (url.searchParams.get("domain") ?? "").toLowerCase() === name;
  if (!ours && !scheme) return false;
  go({ person: store.me, chat: store.me });
  const payload = url.searchParams.get("start");
  if (payload !== null) setTimeout(() => page.conversation.composer.start(payload), 50);
  return true;
}

async function tellLanguage(person) {
  const wanted = clientLanguage();
  if ((person?.language_code ?? "").slice(0, 2) === wanted.slice(0, 2)) return;
  await post("/chat/person", { id: person.id, language_code: wanted }).catch(() => {});
}

async function arrive() {
  const place = here();
  const fresh = place.person !== store.me;
  if (fresh) {
    store.open = null;
    try {
      await store.become(place.person);
    } catch (problem) {
      store.me = null;
      if (problem.status === 400 && page.panel.lab.cast.length > 0 && !page.panel.lab.cast.includes(place.person)) return depart();
      throw problem;
    }
    sessionStorage.setItem("person", String(place.person));
    tellLanguage(store.person());
  }
  if (place.chat !== null && !store.chat(place.chat)) return go({ person: place.person }, { quietly: true });
  const before = store.open;
  store.open = place.chat === null ? null : { chat: place.chat, topic: place.topic, atEnd: true };
  document.body.dataset.view = store.open ? "chat" : "list";
  store.tell("opened");
  page.people.draw();
  if (fresh || before?.chat !== store.open?.chat || before?.topic !== store.open?.topic) await page.conversation.show();
  if (store.open && matchMedia("(hover: hover)").matches) page.conversation.composer.input.focus({ preventScroll: true });
  return undefined;
}

/** Where to begin: the person of this window, else the first of the cast; on a wide page their chat with the bot is open. */
async function depart() {
  const cast = page.panel.lab.cast;
  const kept = Number(sessionStorage.getItem("person"));
  const first = cast.includes(kept) ? kept : cast[0];
  if (first === undefined) throw new Error(t("no-connection"));
  store.me = null;
  go({ person: first, chat: matchMedia("(min-width: 720px)").matches ? first : null }, { quietly: true });
}

function countUnread() {
  const unread = [...store.chats.values()].reduce((sum, chat) => sum + (chat.unread ?? 0), 0);
  const who = store.person();
  document.title = `${unread > 0 ? `(${unread}) ` : ""}${who ? `${nameOf(who)} · ` : ""}${t("app")}`;
}

function announce({ chat, message, mine }) {
  if (mine || message.silent || store.looking(chat) || store.open?.chat === chat) return;
  const known = store.chat(chat);
  const title = known?.type === "private" ? store.bot?.first_name : known?.title;
  const words = lastOf(message).text.replace(/\s+/gu, " ");
  toast(`${title}: ${words.length > 90 ? `${words.slice(0, 90)}…` : words}`, {
    action: { label: t("open"), run: () => go({ person: store.me, chat }) },
    about: chat,
  });
}

function shortcuts(event) {
  if (event.altKey && (event.key === "ArrowRight" || event.key === "ArrowLeft")) {
    event.preventDefault();
    page.people.step(event.key === "ArrowRight" ? 1 : -1);
  } else if (event.key === "Escape" && !document.querySelector("dialog[open]") && store.open) {
    if (document.activeElement === page.conversation.composer.input) return;
    page.conversation.composer.input.focus();
  } else if (event.key === "/" && !/^(INPUT|TEXTAREA)$/u.test(event.target.tagName ?? "") && store.open) {
    event.preventDefault();
    page.conversation.composer.input.focus();
    page.conversation.composer.input.setRangeText("/");
    page.conversation.composer.input.setSelectionRange(1, 1);
    page.conversation.composer.input.dispatchEvent(new Event("input"));
  }
}

async function begin() {
  restoreTheme();
  build();
  store.hear("chats", countUnread);
  store.hear("message", announce);
  store.hear("toast", ({ text }) => toast(text));
  store.hear("resync", () => {
    if (!store.person()) location.replace("/");
  });
  addEventListener("hashchange", () => arrive().catch(failed));
  addEventListener("keydown", shortcuts);
  await page.panel.begin();
  await (here().person === null ? depart() : arrive());
  document.getElementById("app").removeAttribute("aria-busy");
}

function failed(problem) {
  toast(t("failed", { error: why(problem) }));
}

begin().catch((problem) => {
  failed(problem);
  setTimeout(() => location.reload(), 3000);
});
