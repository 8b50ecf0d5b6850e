// A page in TypeScript, as README.md describes it; it has to compile.
import { Playback, type Ended, type Full } from "@thezone/client";

const ask = (refusal: Full): string | undefined => refusal.streams.find((stream) => stream.device?.name === "TV")?.streamId;

const playback = new Playback({
  about: { device: { id: "d1", type: "web", name: "Laptop" }, asset: { id: "news" }, custom: { a: "b" } },
  onPlaying: (stream) => console.log(stream.active, stream.limit),
  onFull: (refusal) => playback.takeOver(ask(refusal) ?? []),
  onEnded: (end: Ended) => console.log(end.reason, end.successor?.device?.name),
  onOffline: (cause) => console.log(cause.lapsesAt?.getTime()),
  onFailed: (problem) => console.log(problem.status, problem.detail),
});
playback.start();
const stopped: boolean = await playback.stop();
const streams = (await playback.list()).streams.map((stream) => stream.streamId);
console.log(stopped, playback.streamId, await playback.end(streams[0]));
// @ts-expect-error there is no session: it stays in the cookie
new Playback({ session: "alice" });
