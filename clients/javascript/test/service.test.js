import assert from "node:assert/strict";
import { after, afterEach, before, describe, test } from "node:test";
import { Playback } from "../src/thezone.js";
import { eventually, noService, startProxy, startService } from "./support/processes.js";

/** Against the real service; the proxy makes the session of a cookie, which stands for the browser's. */
describe("with the service", { skip: noService }, () => {
  let service;
  let proxy;
  let sessions = 0;
  let started = [];
  const fetchWithoutCookie = globalThis.fetch;

  before(async () => {
    service = await startService({ STREAM_HEARTBEAT: "1s", STREAM_LEASE: "3s" });
    proxy = await startProxy(service.port);
  });

  afterEach(async () => {
    await Promise.all(started.map((playback) => playback.stop()));
    started = [];
  });

  after(async () => {
    globalThis.fetch = fetchWithoutCookie;
    proxy?.stop();
    await service?.stop();
  });

  /** A viewer's session, and a way to start players in it. */
  function viewer() {
    const session = `viewer-${++sessions}`;
    globalThis.fetch = (url, request) => fetchWithoutCookie(url, { ...request, headers: { ...request.headers, cookie: `sid=${session}` } });
    return {
      session,
      player(name) {
        const calls = {};
        const record = (call) => (detail) => (calls[call] = detail);
        const playback = new Playback({
          url: `http://127.0.0.1:${proxy.port}/streams`,
          about: { device: { name } },
          onPlaying: record("playing"),
          onFull: record("full"),
          onEnded: record("ended"),
          onFailed: record("failed"),
        });
        playback.start();
        started.push(playback);
        return { playback, calls };
      },
    };
  }

  const called = (player, call) => eventually(`${call}: ${JSON.stringify(player.calls)}`, () => player.calls[call]);

  test("heartbeats keep the slot for longer than its lease, and a stop frees it at once", async () => {
    const { session, player } = viewer();
    const phone = player("Phone");
    const first = await called(phone, "playing");
    await eventually(
      "the lease is renewed twice",
      async () => Date.parse((await phone.playback.list()).streams[0].expiresAt) > Date.parse(first.expiresAt) + 3_000,
      20_000,
    );

    assert.equal(await phone.playback.stop(), true);
    assert.deepEqual(await service.devices(session), []);
  });

  test("the fourth player is told who holds the slots and takes one over, whose player is told by whom", async () => {
    const { session, player } = viewer();
    const players = [];
    for (const name of ["TV", "Tablet", "Phone"]) {
      players.push(player(name));
      await called(players.at(-1), "playing");
    }
    const laptop = player("Laptop");
    const { streams, rule, limit } = await called(laptop, "full");
    assert.deepEqual(
      streams.map((stream) => stream.device.name),
      ["TV", "Tablet", "Phone"],
    );
    assert.deepEqual([rule, limit], ["limit", 3]);

    laptop.playback.takeOver(streams[0].streamId);

    assert.deepEqual((await called(laptop, "playing")).ended, [{ streamId: streams[0].streamId, reason: "replaced" }]);
    const end = await called(players[0], "ended");
    assert.equal(end.reason, "replaced");
    assert.equal(end.successor.device.name, "Laptop");
    assert.deepEqual(await service.devices(session), ["Tablet", "Phone", "Laptop"]);
  });

  test("a stream that another device ends says so", async () => {
    const { player } = viewer();
    const tv = player("TV");
    await called(tv, "playing");

    assert.equal(await player("Phone").playback.end(tv.playback.streamId), true);

    assert.equal((await called(tv, "ended")).reason, "stopped");
  });

  test("without a session the page is told what is wrong", async () => {
    const { player } = viewer();
    globalThis.fetch = fetchWithoutCookie;

    const { status, detail } = await called(player("Phone"), "failed");

    assert.deepEqual([status, detail], [400, "Session-Id required"]);
  });
});
