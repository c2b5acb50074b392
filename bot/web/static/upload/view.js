/* What is seen of the queue. Rows are kept and changed in place: a button must not vanish under a finger. */
import { Crate } from "./crate.js";
import { size, words } from "./words.js";

const SHOWN = 100;
/* What needs an eye comes first; thousands of rows would only slow the page down. */
const RANK = { exists: 0, failed: 0, later: 1, sending: 1, checking: 1, waiting: 2, skipped: 3, done: 3 };
const rows = new WeakMap();

export function list(at, more, queue) {
  const sorted = queue.items.map((item, index) => [RANK[item.state], index, item]).sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const shown = sorted.slice(0, SHOWN).map(([, , item]) => row(item, queue));
  const rest = sorted.slice(SHOWN).reduce((total, [, , item]) => total + item.count, 0);
  if (shown.length !== at.children.length || shown.some((one, index) => one !== at.children[index])) at.replaceChildren(...shown);
  more.hidden = !rest;
  more.textContent = words.more(rest);
}

function row(item, queue) {
  let parts = rows.get(item);
  if (!parts) rows.set(item, parts = build(item, queue));
  const { line, bar, note, actions } = parts;
  if (line.dataset.state !== item.state) line.dataset.state = item.state;
  bar.hidden = !["sending", "checking"].includes(item.state) && !(item.state === "waiting" && item.sent);
  bar.value = item.size ? item.sent / item.size : 0;
  set(note, said(item));
  actions.replace.hidden = actions.skip.hidden = item.state !== "exists";
  actions.retry.hidden = item.state !== "failed" || item.hopeless === true;
  actions.cancel.hidden = !["waiting", "sending", "later"].includes(item.state);
  return line;
}

function build(item, queue) {
  const line = element("li"), top = element("div", "top"), bar = element("progress"), note = element("p", "note");
  const many = item instanceof Crate;
  const name = many ? `${item.path || words.loose}${item.path ? "/" : ""}` : item.path;
  const large = many ? `${words.many(item.count)} · ${size(item.size)}` : size(item.size);
  bar.max = 1;
  bar.ariaLabel = name;
  const act = (word, kind, ...what) => {
    const button = element("button", kind, word === "cancel" ? "✕" : words[word]);
    button.title = words[word];
    button.type = "button";
    button.setAttribute("aria-label", `${words[word]}: ${name}`);
    button.onclick = () => queue.act(item, ...what);
    return button;
  };
  const actions = {
    replace: act("replace", "small", "decide", true),
    skip: act("skip", "small", "decide", false),
    retry: act("retry", "small", "retry"),
    cancel: act("cancel", "plain", "cancel"),
  };
  const buttons = element("p", "row");
  buttons.append(actions.replace, actions.skip, actions.retry);
  const end = element("span", "end");
  end.append(element("span", "quiet", large), actions.cancel);
  top.append(element("bdi", "name", name), end);
  line.append(top, bar, note, buttons);
  return { line, bar, note, actions };
}

function said(item) {
  if (item.state === "done") return `✓ ${item.inside}${item.kept ? ` · ${words.kept(item.kept)}` : ""}`;
  if (item.state === "exists" && item instanceof Crate) {
    const names = item.left.slice(0, 3).join(", ") + (item.left.length > 3 ? ", …" : "");
    return words["exist-many"](item.left.length, names);
  }
  return item.note || words[item.state] || "";
}

export function set(at, text) {
  if (at.textContent !== text) at.textContent = text;
}

function element(name, kind = "", text = "") {
  const made = document.createElement(name);
  made.className = kind;
  made.textContent = text;
  return made;
}
