/* The page: choosing and dropping, the link's life, and the whole of what is on its way. */
import { Crate, common } from "./crate.js";
import { dropped, picked } from "./finding.js";
import { base, call, patiently } from "./net.js";
import { Queue } from "./queue.js";
import { list, set } from "./view.js";
import { duration, facts, size, translate, words } from "./words.js";

const at = (id) => document.getElementById(id);
let drawing = false, speed = 0, last = { time: 0, sent: 0 };

translate();
at("folder").textContent = facts.folder;
at("inside").textContent = facts.inside;
if (matchMedia("(pointer: coarse)").matches) {
  /* Nothing can be dragged there. */
  at("drop-words").textContent = words["drop-touch"];
  at("drop-how").textContent = words["drop-how-touch"];
}
at("pick-folder").hidden = !("webkitdirectory" in HTMLInputElement.prototype);

const queue = new Queue(() => {
  if (drawing) return;
  drawing = true;
  setTimeout(() => { drawing = false; draw(); }, 150);
});

/* The link belongs to the browser that opened it first. */
const claimed = patiently(() => call("POST", `${base}/claim`), [500, 2000, 5000, 10000, 20000]).then(({ status }) => {
  if (status === 204) return true;
  queue.end(status === 403 ? words.taken : status === 410 ? words.expired : words.server);
  return false;
});
setTimeout(() => queue.end(words.expired), Math.min(facts.seconds * 1000, 2 ** 31 - 1));

async function take(found) {
  queue.coming += 1;
  draw();
  let all = [];
  try {
    if (await claimed && !queue.ended) all = await found;
  } finally {
    queue.coming -= 1;
    queue.add(all);
  }
}

at("pick-files").onclick = () => at("files").click();
at("pick-folder").onclick = () => at("directory").click();
for (const id of ["files", "directory"]) {
  at(id).onchange = ({ target }) => {
    take(picked(target.files));
    target.value = "";
  };
}
addEventListener("dragover", (event) => { event.preventDefault(); at("drop").classList.add("over"); });
addEventListener("dragleave", (event) => { if (!event.relatedTarget) at("drop").classList.remove("over"); });
addEventListener("drop", (event) => {
  event.preventDefault();
  at("drop").classList.remove("over");
  take(dropped(event.dataTransfer));
});
at("pause").onclick = () => (queue.paused ? queue.resume() : queue.pause());
const all = (state, ...what) => () => {
  for (const one of queue.items.filter((one) => one.state === state && !one.hopeless)) one[what[0]](what[1]);
  queue.next();
};
at("replace-all").onclick = all("exists", "decide", true);
at("skip-all").onclick = all("exists", "decide", false);
at("retry-all").onclick = all("failed", "retry");
at("copy").onclick = async () => {
  try {
    await navigator.clipboard.writeText(at("where").textContent);
    at("copy").textContent = words.copied;
  } catch {
    /* A page without https has no clipboard: the path is selected, to be copied by hand. */
    getSelection().selectAllChildren(at("where"));
  }
};
addEventListener("beforeunload", (event) => { if (queue.open) event.preventDefault(); });

function draw() {
  const items = queue.items;
  const sum = (some, of) => some.reduce((total, one) => total + one[of], 0);
  const done = items.filter((one) => one.state === "done");
  const left = items.filter((one) => !["done", "skipped"].includes(one.state));
  const sent = sum(items, "sent"), bytes = sum(items, "size"), count = sum(items, "count");
  at("trouble").hidden = !queue.ended;
  set(at("trouble"), queue.ended);
  at("drop").hidden = Boolean(queue.ended);
  at("whole").hidden = !left.length;
  set(at("whole-words"), words.whole(sum(done, "count"), count));
  at("whole-bar").value = bytes ? sent / bytes : 0;
  set(at("pause"), queue.paused ? words.resume : words.pause);
  at("pause").hidden = !queue.open || Boolean(queue.ended);
  pace(sent, bytes);
  const several = (state) => items.filter((one) => one.state === state && !one.hopeless).length > 1;
  at("replace-all").hidden = at("skip-all").hidden = !several("exists");
  at("retry-all").hidden = !several("failed");
  at("together").hidden = !several("exists") && !several("failed");
  finish(done, items);
  list(at("list"), at("more"), queue);
}

function finish(done, items) {
  const asked = items.some((one) => one.state === "exists");
  at("finished").hidden = queue.open || asked || !done.length;
  if (at("finished").hidden) return;
  const failed = items.filter((one) => one.state === "failed").length;
  at("finished").classList.toggle("partly", failed > 0);
  set(at("finished-words"), failed ? words["finished-some"](failed) : words.finished);
  const path = done.length === 1 ? done[0].inside : [facts.inside, common(done.map((one) => (one instanceof Crate ? `${one.path}/x` : one.path)))].filter(Boolean).join("/");
  set(at("where"), path);
  set(at("finished-close"), queue.heard ? words.heard : words.close);
}

function pace(sent, bytes) {
  const now = performance.now();
  if (now - last.time > 1000) {
    if (last.time) speed = 0.6 * speed + (0.4 * Math.max(0, sent - last.sent) * 1000) / (now - last.time);
    last = { time: now, sent };
  }
  const done = `${size(sent)} / ${size(bytes)}`;
  const rate = speed > 1 && queue.open && !queue.paused ? ` · ${words.speed(size(speed), duration((bytes - sent) / speed))}` : "";
  set(at("whole-speed"), queue.paused ? `${done} · ${words.halted}` : done + rate);
}
