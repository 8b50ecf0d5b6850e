/** What the module uses of a browser. The time is that of the mocked timers. */
export class Browser {
  requests = [];
  beacons = [];
  takesBeacons = true;
  #pending = [];
  #events = new EventTarget();
  #replaced = {};

  constructor() {
    this.#replace("fetch", (url, request) => this.#fetch(url, request));
    this.#replace("addEventListener", (...listening) => this.#events.addEventListener(...listening));
    this.#replace("navigator", {
      sendBeacon: (url) => {
        if (this.takesBeacons) {
          this.beacons.push(url);
        }
        return this.takesBeacons;
      },
    });
  }

  fire(type) {
    this.#events.dispatchEvent(new Event(type));
  }

  /** The clock goes on, and no timer fires. */
  sleep(millis) {
    const late = Date.now() + millis;
    this.#replace("Date", class extends Date {
      static now = () => late;
    });
  }

  setClockBack(millis) {
    this.sleep(-millis);
  }

  /** Answers the oldest request that has none. */
  async answer({ error, status, body, text, headers }) {
    const { resolve, reject } = this.#pending.shift();
    if (error) {
      reject(error);
    } else {
      resolve(new Response(status === 204 ? null : (text ?? JSON.stringify(body)), { status, headers }));
    }
    // The module reads the body in a few turns.
    await new Promise((done) => setImmediate(done));
    await new Promise((done) => setImmediate(done));
  }

  close() {
    for (const [name, descriptor] of Object.entries(this.#replaced)) {
      descriptor ? Object.defineProperty(globalThis, name, descriptor) : delete globalThis[name];
    }
  }

  #fetch(url, request) {
    this.requests.push({ url, ...request });
    return new Promise((resolve, reject) => this.#pending.push({ resolve, reject }));
  }

  #replace(name, value) {
    this.#replaced[name] ??= Object.getOwnPropertyDescriptor(globalThis, name);
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  }
}
