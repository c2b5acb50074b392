// The stream of events: opens it, opens it again after every break, and asks for a resync when events were missed.

const FIRST_WAIT = 300;
const LONGEST_WAIT = 4000;

export class Live {
  #source = null;
  #timer = 0;
  #wait = FIRST_WAIT;
  #broken = false;

  /** `resync` reloads the state and returns its sequence number; `state` hears "open" or "waiting". */
  constructor({ person, since, onEvent, onState, resync }) {
    this.person = person;
    this.since = since;
    this.onEvent = onEvent;
    this.onState = onState;
    this.resync = resync;
    this.#open();
  }

  stop() {
    clearTimeout(this.#timer);
    this.#source?.close();
    this.#source = null;
    this.stopped = true;
  }

  #open() {
    const source = new EventSource(`/chat/events?person=${this.person}&since=${this.since}`);
    this.#source = source;
    source.addEventListener("open", () => {
      this.#wait = FIRST_WAIT;
      this.onState("open");
    });
    source.addEventListener("message", (event) => this.#take(JSON.parse(event.data)));
    source.addEventListener("error", () => {
      source.close();
      if (this.stopped) return;
      this.#broken = true;
      this.onState("waiting");
      this.#timer = setTimeout(() => this.#again(), this.#wait);
      this.#wait = Math.min(this.#wait * 2, LONGEST_WAIT);
    });
  }

  async #again() {
    try {
      if (this.#broken) this.since = await this.resync();
      this.#broken = false;
    } catch {
      if (this.stopped) return;
      this.#timer = setTimeout(() => this.#again(), this.#wait);
      this.#wait = Math.min(this.#wait * 2, LONGEST_WAIT);
      return;
    }
    if (!this.stopped) this.#open();
  }

  async #take(event) {
    if (event.kind === "reset") {
      this.since = await this.resync();
      return;
    }
    if (typeof event.seq === "number") this.since = Math.max(this.since, event.seq);
    this.onEvent(event);
  }
}
