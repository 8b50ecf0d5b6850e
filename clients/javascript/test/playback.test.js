import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { Playback } from "../src/thezone.js";
import { Browser } from "./support/browser.js";

const HEARTBEAT = 30_000;
const LEASE = 90_000;

let browser;
let calls;
let playback;

beforeEach(() => {
  mock.timers.enable({ apis: ["setTimeout", "Date"], now: 1_000_000 });
  browser = new Browser();
  calls = [];
  const record = (name) => (detail) => calls.push([name, detail]);
  playback = new Playback({
    url: "https://video.example/streams",
    about: { device: { name: "Laptop" } },
    onPlaying: record("playing"),
    onFull: record("full"),
    onEnded: record("ended"),
    onOffline: record("offline"),
    onFailed: record("failed"),
  });
});

afterEach(() => {
  browser.close();
  mock.timers.reset();
});

const names = () => calls.map(([name]) => name);

const held = () => ({ status: 201, body: { heartbeatSeconds: HEARTBEAT / 1000, expiresInSeconds: LEASE / 1000, active: 1, limit: 3 } });

const renewed = () => ({ ...held(), status: 200 });

/** Answers the request that is under way. */
const answer = (reply) => browser.answer(reply);

const playing = async () => {
  playback.start();
  await answer(held());
};

test("it starts under an id of its own, with what is watched and without a session", async () => {
  await playing();

  const [start] = browser.requests;
  assert.equal(start.method, "PUT");
  assert.match(start.url, /^https:\/\/video\.example\/streams\/[0-9a-f]{32}$/);
  assert.deepEqual(JSON.parse(start.body), { device: { name: "Laptop" }, replaces: [] });
  assert.deepEqual(start.headers, { "Content-Type": "application/json" });
  assert.equal(start.credentials, "include");
  assert.deepEqual(names(), ["playing"]);
  assert.equal(calls[0][1].active, 1);
});

test("a second start changes nothing while the slot is asked for or held", async () => {
  playback.start();
  await playing();
  playback.start();

  assert.equal(browser.requests.length, 1);
});

test("heartbeats keep the server's interval, a little earlier, each time differently", async () => {
  await playing();
  const intervals = new Set();
  for (let i = 0; i < 20; i++) {
    const before = browser.requests.length;
    mock.timers.tick(HEARTBEAT * 0.9 - 1);
    assert.equal(browser.requests.length, before);
    let late = 0;
    while (browser.requests.length === before && late < HEARTBEAT * 0.1 + 1) {
      mock.timers.tick(100);
      late += 100;
    }
    assert.equal(browser.requests.at(-1).url, `https://video.example/streams/${playback.streamId}/heartbeat`);
    intervals.add(late);
    await answer(renewed());
  }
  assert.ok(intervals.size > 5, `${[...intervals]}`);
  assert.deepEqual(names(), ["playing"]);
});

for (const event of ["visibilitychange", "focus", "pageshow", "resume", "online"]) {
  test(`a heartbeat that is overdue is sent at once on ${event}, and none that is not`, async () => {
    await playing();
    mock.timers.setTime(1_000_000 + HEARTBEAT / 2);
    browser.fire(event);
    assert.equal(browser.requests.length, 1);

    browser.sleep(HEARTBEAT);
    browser.fire(event);
    browser.fire(event);

    assert.equal(browser.requests.length, 2);
    assert.match(browser.requests[1].url, /heartbeat$/);
  });
}

test("after a sleep that was longer than the lease it asks for a slot again, under the same id", async () => {
  await playing();
  const id = playback.streamId;
  browser.sleep(LEASE + 1);
  browser.fire("visibilitychange");
  await answer(held());

  assert.equal(browser.requests[1].method, "PUT");
  assert.ok(browser.requests[1].url.endsWith(id));
  assert.deepEqual(names(), ["playing", "playing"]);
});

test("if others took the slots meanwhile, the page is told who", async () => {
  await playing();
  browser.sleep(LEASE + 1);
  browser.fire("focus");
  await answer({ status: 409, body: { streams: [{ streamId: "tv" }] } });

  assert.deepEqual(names(), ["playing", "full"]);
  assert.deepEqual(calls[1][1].streams, [{ streamId: "tv" }]);
});

test("a clock that is set back does not stop the heartbeats", async () => {
  await playing();
  browser.setClockBack(3_600_000);
  browser.fire("focus");

  assert.equal(browser.requests.length, 2);
});

for (const reason of ["expired", "unknown"]) {
  test(`a stream that has ${reason} as its end is asked for again`, async () => {
    await playing();
    mock.timers.tick(HEARTBEAT);
    await answer({ status: 410, body: { reason } });
    await answer(held());

    assert.deepEqual(
      browser.requests.map((request) => request.method),
      ["PUT", "POST", "PUT"],
    );
    assert.deepEqual(names(), ["playing", "playing"]);
  });
}

for (const reason of ["replaced", "evicted", "stopped", "released"]) {
  test(`a stream that was ${reason} stays ended, and the page is told why`, async () => {
    await playing();
    mock.timers.tick(HEARTBEAT);
    const end = { reason, successor: { streamId: "tv", device: { name: "TV" } } };
    await answer({ status: 410, body: end });
    mock.timers.tick(10 * HEARTBEAT);
    browser.fire("focus");

    assert.equal(browser.requests.length, 2);
    assert.deepEqual(calls[1], ["ended", { ...end, status: 410 }]);
    assert.equal(playback.streamId, undefined);
  });
}

test("without a slot the page is told who holds them, and takes one over", async () => {
  playback.start();
  await answer({ status: 409, body: { rule: "limit", streams: [{ streamId: "tv", device: { name: "TV" } }] } });
  assert.deepEqual(names(), ["full"]);

  playback.takeOver(calls[0][1].streams[0].streamId);
  assert.deepEqual(JSON.parse(browser.requests[1].body).replaces, ["tv"]);
  await answer(held());

  assert.deepEqual(names(), ["full", "playing"]);
});

for (const [what, reply] of Object.entries({
  "no answer": { error: new TypeError("Failed to fetch") },
  "a 503": { status: 503, body: {} },
  "a 502 in HTML": { status: 502, text: "<html>" },
  "the sign-in page of a hotel": { status: 200, text: "<html>" },
})) {
  test(`${what} is retried with the same request until there is an answer, and reported once`, async () => {
    playback.start();
    for (let i = 0; i < 8; i++) {
      await answer(reply);
      assert.equal(browser.requests.length, i + 1);
      mock.timers.tick(30_000);
    }
    await answer(held());

    const distinct = new Set(browser.requests.map((request) => request.method + request.url + request.body));
    assert.equal(distinct.size, 1);
    assert.deepEqual(names(), ["offline", "playing"]);
  });
}

test("retries come quickly at first, then seldom", async () => {
  playback.start();
  const pauses = [];
  for (let i = 0; i < 8; i++) {
    await answer({ error: new TypeError("Failed to fetch") });
    const before = browser.requests.length;
    let pause = 0;
    while (browser.requests.length === before) {
      mock.timers.tick(100);
      pause += 100;
    }
    pauses.push(pause);
  }
  assert.ok(pauses[0] <= 1_100, `${pauses}`);
  assert.ok(pauses.at(-1) >= 15_000 && pauses.at(-1) <= 30_100, `${pauses}`);
});

test("Retry-After is kept to", async () => {
  playback.start();
  await answer({ status: 429, body: {}, headers: { "Retry-After": "60" } });
  mock.timers.tick(59_999);
  assert.equal(browser.requests.length, 1);
  mock.timers.tick(1);
  assert.equal(browser.requests.length, 2);
});

test("while it is away the page knows until when its slot is held, and back online it asks at once", async () => {
  await playing();
  mock.timers.tick(HEARTBEAT);
  await answer({ error: new TypeError("Failed to fetch") });
  assert.equal(calls[1][0], "offline");
  assert.equal(calls[1][1].status, 0);
  assert.equal(calls[1][1].lapsesAt.getTime(), 1_000_000 + LEASE);

  browser.fire("online");
  assert.equal(browser.requests.length, 3);
  await answer(renewed());
  assert.deepEqual(names(), ["playing", "offline", "playing"]);
});

test("a request that cannot succeed is reported, not repeated", async () => {
  playback.start();
  await answer({ status: 403, body: { type: "urn:thezone:origin-refused", detail: "no" } });
  mock.timers.tick(LEASE);

  assert.equal(browser.requests.length, 1);
  assert.deepEqual(calls, [["failed", { type: "urn:thezone:origin-refused", detail: "no", status: 403 }]]);
});

test("a page that closes sends a beacon, and no heartbeat any more", async () => {
  await playing();
  const id = playback.streamId;
  browser.fire("pagehide");
  mock.timers.tick(LEASE);

  assert.deepEqual(browser.beacons, [`https://video.example/streams/${id}/release`]);
  assert.equal(browser.requests.length, 1);
});

test("a page without beacons sends the same as a request that outlives it", async () => {
  browser.takesBeacons = false;
  await playing();
  browser.fire("pagehide");

  assert.match(browser.requests[1].url, /release$/);
  assert.equal(browser.requests[1].keepalive, true);
});

test("a page that comes back from the cache asks for a new stream, for the beacon may arrive late", async () => {
  await playing();
  const id = playback.streamId;
  browser.fire("pagehide");
  browser.fire("pageshow");
  await answer(held());

  assert.equal(browser.requests.length, 2);
  assert.notEqual(playback.streamId, id);
  assert.deepEqual(names(), ["playing", "playing"]);
});

test("a player that was stopped sends nothing when its page closes or comes back", async () => {
  await playing();
  const stopped = playback.stop();
  await answer({ status: 204 });
  assert.equal(await stopped, true);
  browser.fire("pagehide");
  browser.fire("pageshow");
  mock.timers.tick(LEASE);

  assert.deepEqual(browser.beacons, []);
  assert.equal(browser.requests.length, 2);
});

test("an answer that arrives after the stop is ignored", async () => {
  playback.start();
  const stopped = playback.stop();
  await answer(held());
  await answer({ status: 204 });
  await stopped;
  mock.timers.tick(LEASE);

  assert.deepEqual(calls, []);
  assert.equal(browser.requests.length, 2);
});

test("the account's streams can be listed, and another one ended", async () => {
  const listed = playback.list();
  await answer({ status: 200, body: { active: 1, streams: [] } });
  assert.deepEqual(await listed, { active: 1, streams: [] });

  const ended = playback.end("tv");
  await answer({ status: 204 });
  assert.equal(await ended, true);
  assert.equal(browser.requests[1].url, "https://video.example/streams/tv/release?as=stopped");

  const refused = assert.rejects(playback.list(), /no session/);
  await answer({ status: 400, body: { detail: "no session" } });
  await refused;
});
