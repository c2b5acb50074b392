/* The page: choosing and dropping, and what is seen of the queue. */
import { Queue } from "./queue.js";
import { duration, facts, size, translate, words } from "./words.js";

const SHOWN = 100;
const at = (id) => document.getElementById(id);
let drawing = false;
let speed = 0;
let last = { time: 0, sent: 0 };

translate();
at("folder").textContent = facts.folder;
at("inside").textContent = facts.inside;

const queue = new Queue(() => {
  if (drawing) return;
  drawing = true;
  setTimeout(() => { drawing = false; draw(); }, 150);
});

at("pick-files").onclick = () => at("files").click();
at("pick-folder").onclick = () => at("directory").click();
for (const id of ["files", "directory"]) {
  at(id).onchange = ({ target }) => {
    queue.add([...target.files].map((file) => ({ file, path: file.webkitRelativePath || file.name })));
    target.value = "";
  };
}
at("pause").onclick = () => (queue.paused ? queue.resume() : queue.pause());

addEventListener("dragover", (event) => { event.preventDefault(); at("drop").classList.add("over"); });
addEventListener("dragleave", () => at("drop").classList.remove("over"));
addEventListener("drop", async (event) => {
  event.preventDefault();
  at("drop").classList.remove("over");
  const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  queue.add((await Promise.all(entries.map(walk))).flat());
});
addEventListener("beforeunload", (event) => {
  if (queue.items.some((one) => ["sending", "checking", "waiting", "later"].includes(one.state))) event.preventDefault();
});

async function walk(entry) {
  if (entry.isFile) {
    const file = await new Promise((resolve, reject) => entry.file(resolve, reject));
    return [{ file, path: entry.fullPath.replace(/^\//, "") }];
  }
  const reader = entry.createReader();
  const found = [];
  for (;;) {
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (!some.length) return found;
    for (const one of some) found.push(...(await walk(one)));
  }
}

function draw() {
  const all = queue.items;
  const done = all.filter((one) => one.state === "done").length;
  const left = all.filter((one) => !["done", "skipped"].includes(one.state)).length;
  const sent = all.reduce((total, one) => total + one.sent, 0);
  const bytes = all.reduce((total, one) => total + one.size, 0);
  at("whole").hidden = !all.length;
  at("whole-words").textContent = left ? words.whole(done, all.length) : words.finished(done);
  at("whole-bar").value = bytes ? sent / bytes : left ? 0 : 1;
  at("pause").textContent = queue.paused ? words.resume : words.pause;
  at("pause").hidden = !left;
  pace(sent, bytes, left);
  /* What needs an eye comes first; thousands of rows would only slow the page down. */
  const rank = { exists: 0, failed: 0, later: 1, sending: 1, checking: 1, waiting: 2, skipped: 3, done: 3 };
  const rows = [...all].sort((a, b) => rank[a.state] - rank[b.state]).slice(0, SHOWN).map(row);
  if (all.length > SHOWN) rows.push(element("li", "quiet", words.more(all.length - SHOWN)));
  at("list").replaceChildren(...rows);
}

function pace(sent, bytes, left) {
  const now = performance.now();
  if (now - last.time > 1000) {
    if (last.time) speed = 0.6 * speed + (0.4 * Math.max(0, sent - last.sent) * 1000) / (now - last.time);
    last = { time: now, sent };
  }
  const rate = speed > 1 && left && !queue.paused;
  at("whole-speed").textContent = rate ? words.speed(size(speed), duration((bytes - sent) / speed)) : `${size(sent)} / ${size(bytes)}`;
}

function row(item) {
  const line = element("li");
  line.dataset.state = item.state;
  line.append(element("div", "name", `${item.path} · ${size(item.size)}`));
  if (item.state === "sending") {
    const bar = element("progress");
    bar.max = 1;
    bar.value = item.size ? item.sent / item.size : 0;
    bar.ariaLabel = item.path;
    line.append(bar);
  }
  const kind = { done: "good", failed: "bad", exists: "bad" }[item.state] || "quiet";
  const said = item.state === "done" ? `✓ ${item.inside}` : item.note || words[item.state] || "";
  line.append(element("p", kind, said));
  if (item.state === "exists") {
    const choice = element("p", "row");
    choice.append(action(words.replace, () => queue.decide(item, true)), action(words.skip, () => queue.decide(item, false)));
    line.append(choice);
  }
  if (item.state === "failed") line.append(action(words.retry, () => queue.retry(item)));
  return line;
}

function element(name, kind = "", text = "") {
  const made = document.createElement(name);
  made.className = kind;
  made.textContent = text;
  return made;
}

function action(text, run) {
  const button = element("button", "", text);
  button.type = "button";
  button.onclick = run;
  return button;
}
