// Where the page is: person, chat and topic stand in the address, so that reload, back and a second window just work.

/** `#/as/1001/chat/-100123/topic/5` → {person, chat, topic}; unknown parts are null. */
export function here() {
  const parts = location.hash.split("/").slice(1);
  const values = {};
  for (let index = 0; index + 1 < parts.length; index += 2) values[parts[index]] = Number(parts[index + 1]);
  const number = (name) => (Number.isSafeInteger(values[name]) ? values[name] : null);
  return { person: number("as"), chat: number("chat"), topic: number("topic") };
}

export function address({ person, chat = null, topic = null }) {
  let hash = `#/as/${person}`;
  if (chat !== null) hash += `/chat/${chat}`;
  if (chat !== null && topic !== null) hash += `/topic/${topic}`;
  return hash;
}

/** Goes there; `quietly` changes the address without a step in the browser's history. */
export function go(place, { quietly = false } = {}) {
  const hash = address(place);
  if (hash === location.hash) return;
  if (quietly) {
    history.replaceState(null, "", hash);
    dispatchEvent(new HashChangeEvent("hashchange"));
  } else {
    location.hash = hash;
  }
}
