const ANSWER_MILLIS = 10_000;
const FIRST_RETRY_MILLIS = 1_000;
const LAST_RETRY_MILLIS = 30_000;

/** Statuses after which the same request may succeed. */
const TRANSIENT = [408, 425, 429, 500, 502, 503, 504];

/** Ends after which the same player may go on, if there is room: it was silent for too long. */
const LAPSED = ["expired", "unknown"];

const newId = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");

/** A player's hold on one stream of the viewer's account. The session is the browser's cookie; nothing here sees it. */
export class Playback {
  #url;
  #about;
  #credentials;
  #calls;
  #id; // of the stream that is asked for or held
  #held = false;
  #replaces = [];
  #asking; // the id of the request that is under way
  #failures = 0;
  #lapsesAt = 0;
  #dueAt = 0;
  #wait = 0;
  #timer;
  #listening;

  constructor({ url = "/streams", about = {}, credentials = "include", ...calls } = {}) {
    this.#url = url;
    this.#about = about;
    this.#credentials = credentials;
    this.#calls = calls;
  }

  get streamId() {
    return this.#id;
  }

  start() {
    if (!this.#id) {
      this.#begin([]);
    }
  }

  takeOver(...streams) {
    const own = this.#forget() ?? [];
    this.#begin(streams.concat(own).flat());
  }

  async stop() {
    const id = this.#forget();
    return id ? this.#release(id) : true;
  }

  async list() {
    const answer = await this.#send("", { method: "GET" });
    const body = await answer.json();
    if (!answer.ok) {
      throw new Error(body.detail);
    }
    return body;
  }

  end(stream) {
    return this.#release(stream, "?as=stopped");
  }

  #begin(replaces) {
    this.#id = newId();
    this.#replaces = replaces;
    this.#failures = 0;
    this.#listening = new AbortController();
    const listen = (types, listener) =>
      types.forEach((type) => globalThis.addEventListener?.(type, listener, { signal: this.#listening.signal }));
    listen(["visibilitychange", "focus", "pageshow", "resume"], () => this.#wake());
    listen(["online"], () => {
      if (this.#failures) {
        this.#dueAt = 0;
      }
      this.#wake();
    });
    listen(["pagehide"], () => this.#leave());
    this.#ask();
  }

  #forget() {
    const id = this.#id;
    this.#id = undefined;
    this.#held = false;
    this.#listening?.abort();
    clearTimeout(this.#timer);
    return id;
  }

  /** A page that is left may be kept, and shown again. Then it is a new player: the beacon may arrive late. */
  #leave() {
    const id = this.#forget();
    if (!navigator.sendBeacon?.(`${this.#url}/${id}/release`)) {
      this.#release(id);
    }
    globalThis.addEventListener("pageshow", () => this.start(), { once: true });
  }

  /** Timers are late in hidden tabs and stand still while the machine sleeps, so the clock decides; it may be set back, too. */
  #wake() {
    const left = this.#dueAt - Date.now();
    if (left <= 0 || left > this.#wait) {
      this.#ask();
    }
  }

  #next(millis) {
    this.#wait = millis;
    this.#dueAt = Date.now() + millis;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#ask(), millis);
  }

  async #ask() {
    const id = this.#id;
    if (!id || this.#asking === id) {
      return;
    }
    this.#asking = id;
    this.#held &&= Date.now() < this.#lapsesAt;
    const renews = this.#held;
    let answer;
    let body = {};
    try {
      answer = await (renews
        ? this.#send(`/${id}/heartbeat`, { method: "POST" })
        : this.#send(`/${id}`, {
            method: "PUT",
            headers: { "Content-Type": "application/json" },
            body: JSON.stringify({ ...this.#about, replaces: this.#replaces }),
          }));
      body = await answer.json();
    } catch (error) {
      // Nothing arrived, or something that is not of the service.
      body = { detail: String(error) };
    }
    if (this.#asking === id) {
      this.#asking = undefined;
    }
    if (this.#id === id) {
      this.#take(answer, body, renews);
    }
  }

  #take(answer, body, renews) {
    const status = answer?.status ?? 0;
    if (answer?.ok && body.heartbeatSeconds) {
      this.#hold(body);
    } else if (status === 410 && renews && LAPSED.includes(body.reason)) {
      this.#held = false;
      this.#ask();
    } else if (status && !answer.ok && !TRANSIENT.includes(status)) {
      this.#forget();
      const call = status === 409 ? "onFull" : status === 410 ? "onEnded" : "onFailed";
      this.#calls[call]?.({ ...body, status });
    } else {
      this.#retry(answer, { ...body, status });
    }
  }

  #hold(stream) {
    const news = !this.#held || this.#failures;
    this.#held = true;
    this.#failures = 0;
    this.#replaces = [];
    this.#lapsesAt = Date.now() + stream.expiresInSeconds * 1000;
    this.#next(stream.heartbeatSeconds * 1000 * (0.9 + Math.random() / 10));
    if (news) {
      this.#calls.onPlaying?.(stream);
    }
  }

  #retry(answer, cause) {
    const millis = Math.min(FIRST_RETRY_MILLIS * 2 ** this.#failures++, LAST_RETRY_MILLIS) * (0.5 + Math.random() / 2);
    this.#next(Math.max(millis, (Number(answer?.headers.get("Retry-After")) || 0) * 1000));
    if (this.#failures === 1) {
      this.#calls.onOffline?.({ ...cause, lapsesAt: this.#held ? new Date(this.#lapsesAt) : undefined });
    }
  }

  async #release(id, query = "") {
    return (await this.#send(`/${id}/release${query}`, { method: "POST", keepalive: true })).ok;
  }

  #send(path, request) {
    return fetch(this.#url + path, {
      credentials: this.#credentials,
      cache: "no-store",
      signal: AbortSignal.timeout(ANSWER_MILLIS),
      ...request,
    });
  }
}
