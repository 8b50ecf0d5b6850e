import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import { chromium } from "playwright-core";
import { film } from "./support/film.js";
import { eventually, found, noService, startNginx, startPages, startProxy, startService } from "./support/processes.js";

const LEASE_SECONDS = 8;

const PAGE = `<!doctype html>
<title>player</title>
<script type="module">
  import { Playback } from "/thezone.js";
  window.calls = [];
  const query = new URLSearchParams(location.search);
  const record = (name) => (detail) => calls.push({ name, ...detail });
  window.playback = new Playback({
    url: query.get("url"),
    about: { device: { name: query.get("device") } },
    onPlaying: record("playing"),
    onFull: record("full"),
    onEnded: record("ended"),
    onOffline: record("offline"),
    onFailed: record("failed"),
  });
  playback.start();
</script>`;

const HLS_PAGE = `<!doctype html>
<title>hls.js</title>
<video muted></video>
<script type="module">
  import Hls from "/hls.mjs";
  const video = document.querySelector("video");
  const hls = new Hls({ xhrSetup: (xhr) => (xhr.withCredentials = true) });
  hls.loadSource(new URLSearchParams(location.search).get("url"));
  hls.attachMedia(video);
  video.play();
</script>`;

const noNginx = !found("nginx") && "there is no nginx";

const BROWSER = ["chromium", "chromium-browser", "google-chrome"].map(found).find(Boolean);

/** Pages of another origin than the gateway's, in front of the real service. */
describe("in Chromium", { skip: noService || (!BROWSER && "there is no Chromium") }, () => {
  const gatewayName = noNginx ? "a proxy" : "nginx";
  let service;
  let gateway;
  let pages;
  let server;
  let browser;
  let context;
  let session;
  let sessions = 0;

  before(async () => {
    server = await chromium.launchServer({
      executablePath: BROWSER,
      args: ["--no-sandbox"],
      ignoreDefaultArgs: ["--disable-back-forward-cache"],
    });
    browser = await chromium.connect(server.wsEndpoint());
    pages = await startPages({
      "/": PAGE,
      "/elsewhere": "<!doctype html><title>elsewhere</title>",
      "/thezone.js": readFileSync("src/thezone.js"),
      ...(await film(browser, "/movie")),
    });
    service = await startService({
      STREAM_HEARTBEAT: "1s",
      STREAM_LEASE: `${LEASE_SECONDS}s`,
      CORS_ORIGINS: `http://127.0.0.1:${pages.port}`,
    });
    gateway = await (noNginx ? startProxy(service.port) : startNginx(service.port, pages.port));
    console.log(`Chromium ${browser.version()} behind ${gatewayName}`);
  });

  after(async () => {
    await server?.close();
    await gateway?.stop();
    await service?.stop();
    pages?.stop();
  });

  beforeEach(async () => {
    session = `viewer-${++sessions}`;
    context = await browser.newContext();
    await context.addCookies([{ name: "sid", value: session, url: `http://127.0.0.1:${gateway.port}`, httpOnly: true }]);
  });

  afterEach(() => context.close());

  async function open(device) {
    const tab = await context.newPage();
    await tab.goto(
      `http://127.0.0.1:${pages.port}/?${new URLSearchParams({ device, url: `http://127.0.0.1:${gateway.port}/streams` })}`,
    );
    return tab;
  }

  const calls = (tab) => tab.evaluate(() => globalThis.calls);

  /** What the page was told under this name, for the first or a later time. */
  const told = (tab, name, times = 1) =>
    eventually(
      `${name}, ${times} times`,
      async () => (await calls(tab)).filter((call) => call.name === name)[times - 1],
      5_000,
    );

  const playing = async (device) => {
    const tab = await open(device);
    await told(tab, "playing");
    return tab;
  };

  const devicesAre = (...expected) =>
    eventually(`the devices are ${expected}`, async () => JSON.stringify(await service.devices(session)) === JSON.stringify(expected));

  test("the fourth tab sees which devices are watching and takes one over, whose tab says so within a heartbeat", async () => {
    const tv = await playing("TV");
    await playing("Tablet");
    await playing("Phone");
    const laptop = await open("Laptop");
    const { streams } = await told(laptop, "full");
    assert.deepEqual(
      streams.map((stream) => stream.device.name),
      ["TV", "Tablet", "Phone"],
    );

    await laptop.evaluate((stream) => globalThis.playback.takeOver(stream), streams[0].streamId);

    await told(laptop, "playing");
    const end = await told(tv, "ended");
    assert.deepEqual([end.reason, end.successor.device.name], ["replaced", "Laptop"]);
    await devicesAre("Tablet", "Phone", "Laptop");
  });

  test("what nginx serves under the stream's id takes no second slot", { skip: noNginx }, async () => {
    const tv = await playing("TV");
    const id = await tv.evaluate(() => globalThis.playback.streamId);

    const answer = await fetch(`http://127.0.0.1:${gateway.port}/play/${id}/movie/main.m3u8`, { headers: { cookie: `sid=${session}` } });

    assert.match(await answer.text(), /^#EXTM3U/);
    await devicesAre("TV");
  });

  test("hls.js in a page whose origin is not listed plays behind nginx, as one stream", { skip: noNginx }, async () => {
    const foreign = await startPages({ "/": HLS_PAGE, "/hls.mjs": readFileSync("node_modules/hls.js/dist/hls.mjs") });
    try {
      const tab = await context.newPage();
      const url = `http://127.0.0.1:${gateway.port}/play/${"a".repeat(32)}/movie/main.m3u8`;
      await tab.goto(`http://127.0.0.1:${foreign.port}/?${new URLSearchParams({ url })}`);

      await eventually("the film ends", () => tab.evaluate(() => document.querySelector("video").ended), 20_000);

      assert.ok((await tab.evaluate(() => document.querySelector("video").currentTime)) > 1);
      assert.equal((await service.devices(session)).length, 1);
    } finally {
      foreign.stop();
    }
  });

  test("a tab that closes frees its slot at once", async () => {
    const tv = await playing("TV");
    await playing("Phone");

    await tv.close();

    await devicesAre("Phone");
  });

  test("a tab that is reloaded takes no second slot", async () => {
    const tv = await playing("TV");
    for (let i = 0; i < 5; i++) {
      await tv.reload();
      await told(tv, "playing");
    }
    await devicesAre("TV");
  });

  test("a page that is left has no slot, and has one again when it comes back from the cache", async () => {
    const tv = await playing("TV");
    const first = await tv.evaluate(() => globalThis.playback.streamId);
    await tv.goto(`http://127.0.0.1:${pages.port}/elsewhere`);
    await devicesAre();

    await tv.goBack({ waitUntil: "commit" }); // it is not loaded anew

    await told(tv, "playing", 2);
    assert.notEqual(await tv.evaluate(() => globalThis.playback.streamId), first);
    await devicesAre("TV");
  });

  test("a browser that stood still for longer than the lease has a slot again when it goes on", async () => {
    const tv = await playing("TV");
    process.kill(-server.process().pid, "SIGSTOP");
    try {
      await eventually("the lease ends", async () => (await service.devices(session)).length === 0, 3 * LEASE_SECONDS * 1_000);
    } finally {
      process.kill(-server.process().pid, "SIGCONT");
    }

    await told(tv, "playing", 2);
    await devicesAre("TV");
  });

  test("a page that is offline says so, goes on and says when it is back", async () => {
    const tv = await playing("TV");
    await context.setOffline(true);
    const { lapsesAt, status } = await told(tv, "offline");
    assert.equal(status, 0);
    assert.ok(new Date(lapsesAt) > new Date());

    await context.setOffline(false);

    await told(tv, "playing", 2);
    await devicesAre("TV");
  });

  test("the session is nowhere in the page, and a page of an origin that is not listed gets no slot", async () => {
    const tv = await playing("TV");
    assert.equal(await tv.evaluate(() => document.cookie), "");

    const foreign = await startPages({ "/": PAGE, "/thezone.js": readFileSync("src/thezone.js") });
    try {
      const tab = await context.newPage();
      await tab.goto(
        `http://127.0.0.1:${foreign.port}/?${new URLSearchParams({ device: "Evil", url: `http://127.0.0.1:${gateway.port}/streams` })}`,
      );
      await told(tab, "offline");
      await tab.evaluate(
        async (url) => {
          await fetch(url, { method: "POST", mode: "no-cors", credentials: "include", body: '{"device":{"name":"Evil"}}' });
        },
        `http://127.0.0.1:${gateway.port}/streams`,
      );
    } finally {
      foreign.stop();
    }
    await devicesAre("TV");
  });
});
