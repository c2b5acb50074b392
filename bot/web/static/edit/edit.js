/* One text file: read, changed, saved; what was changed by others meanwhile is never lost. */
import { WORDS } from "./words.js";

const facts = JSON.parse(document.body.dataset.facts);
const words = WORDS[facts.language === "zh" ? "zh" : "en"];
const at = (id) => document.getElementById(id);
const text = at("text");
let base = "";
let clean = "";

document.documentElement.lang = facts.language === "zh" ? "zh-Hans" : "en";
for (const node of document.querySelectorAll("[data-word]")) node.textContent = words[node.dataset.word];
at("name").textContent = facts.name;
at("inside").textContent = facts.inside;
document.title = facts.name;

function say(message, kind = "") {
  at("status").textContent = message;
  at("status").className = kind;
}

async function ask(path, body) {
  const options = body === undefined
    ? {}
    : { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
  let answer;
  try {
    answer = await fetch(`${facts.root}/e/${facts.token}/${path}`, { ...options, cache: "no-store" });
  } catch {
    return { status: 0, said: { message: words.offline } };
  }
  let said = {};
  try {
    said = await answer.json();
  } catch { /* not ours: a proxy's page */ }
  if (answer.status === 410) said.message = words.expired;
  return { status: answer.status, said };
}

function notes(said) {
  const found = [];
  if (said.encoding === "gb18030") found.push(words.gbk);
  if (said.encoding === "utf-8-sig") found.push(words.bom);
  if (said.mixed) found.push(words.mixed);
  else if (said.newline === "\r\n") found.push(words.crlf);
  else if (said.newline === "\r") found.push(words.cr);
  at("notes").textContent = found.join(" ");
  at("notes").hidden = !found.length;
}

async function load() {
  const { status, said } = await ask("text");
  if (status !== 200) return say(said.message || words.offline, "bad");
  text.value = said.text;
  clean = text.value;
  base = said.sha256;
  notes(said);
  text.disabled = false;
  at("save").disabled = false;
  text.setSelectionRange(0, 0);
}

async function save(over) {
  const sent = text.value;
  at("save").disabled = true;
  say(words.saving);
  const { status, said } = await ask("save", { text: sent, base, over });
  at("save").disabled = false;
  if (status === 200) {
    base = said.sha256;
    clean = sent;
    at("conflict").hidden = true;
    at("other-label").hidden = true;
    return say(text.value === clean ? (said.kept ? words.same : words.saved) : words.unsaved, "good");
  }
  at("conflict").hidden = status !== 409;
  return say(status === 409 ? "" : said.message || words.offline, "bad");
}

async function theirs() {
  const { status, said } = await ask("text");
  if (status !== 200) return say(said.message || words.offline, "bad");
  at("other").value = said.text;
  at("other-label").hidden = false;
  return say("");
}

text.addEventListener("input", () => say(text.value === clean ? "" : words.unsaved));
text.addEventListener("keydown", (event) => {
  if (event.key === "s" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    if (!at("save").disabled) save(false);
  }
});
at("save").addEventListener("click", () => save(false));
at("mine").addEventListener("click", () => save(true));
at("theirs").addEventListener("click", theirs);
at("wrap").addEventListener("click", () => {
  const on = text.wrap === "off";
  text.wrap = on ? "soft" : "off";
  at("wrap").setAttribute("aria-pressed", String(on));
});
addEventListener("beforeunload", (event) => {
  if (text.value !== clean) event.preventDefault();
});
load();
