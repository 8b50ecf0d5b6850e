import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { createServer, request } from "node:http";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../../../", import.meta.url));
const JAR = join(ROOT, "bootstrap/target/thezone.jar");
const NGINX = join(ROOT, "deploy/gateways/nginx");
const START_MILLIS = 60_000;

/** Why tests against the service have to be skipped; false if they need not. */
export const noService = !existsSync(JAR) ? "bootstrap/target/thezone.jar is not built" : !found("java") && "there is no java";

/** Where the program is; empty text if it is not installed. */
export function found(program) {
  return spawnSync("sh", ["-c", `command -v ${program}`], { encoding: "utf8" }).stdout.trim();
}

/** Asks until the answer is not undefined or false. */
export async function eventually(what, ask, millis = 3_000) {
  const deadline = Date.now() + millis;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) {
      return answer;
    }
    if (Date.now() > deadline) {
      throw new Error(`not within ${millis} ms: ${typeof what === "function" ? what() : what}`);
    }
    await new Promise((next) => setTimeout(next, 20));
  }
}

/** The shipped service with the settings of the nginx file, in memory. */
export async function startService(environment) {
  const child = spawn("java", ["-jar", JAR, "server", join(NGINX, "thezone.yml")], {
    env: {
      ...process.env,
      PORT: "0",
      ADMIN_PORT: "0",
      STORE_TYPE: "memory",
      CACHE_TYPE: "none",
      SHUTDOWN_WAIT: "0s",
      ...environment,
    },
  });
  let log = "";
  for (const output of [child.stdout, child.stderr]) {
    output.on("data", (text) => (log += text));
  }
  const port = await eventually(
    () => log,
    () => {
      if (child.exitCode !== null) {
        throw new Error(log);
      }
      return log.match(/the application port is \S+:(\d+)/)?.[1];
    },
    START_MILLIS,
  );
  const base = `http://127.0.0.1:${port}`;
  await eventually("the service is up", async () => (await fetch(`${base}/health`)).ok, START_MILLIS);
  return {
    port,
    /** The device names of the session's streams, oldest first. */
    async devices(session) {
      const answer = await fetch(`${base}/streams`, { headers: { "Session-Id": session } });
      return (await answer.json()).streams.map((stream) => stream.device?.name);
    },
    stop: () => end(child),
  };
}

async function end(child) {
  const ended = once(child, "exit");
  child.kill();
  await ended;
}

/** Serves pages, and a film that pages of all origins may load: contents by path. */
export async function startPages(pages) {
  return listening(
    createServer((request, response) => {
      const path = new URL(request.url, "http://page").pathname;
      response.setHeader("Content-Type", path.endsWith("js") ? "text/javascript" : "text/html");
      response.setHeader("Access-Control-Allow-Origin", request.headers.origin ?? "*");
      response.setHeader("Access-Control-Allow-Credentials", "true");
      response.statusCode = path in pages ? 200 : 404;
      response.end(pages[path]);
    }),
  );
}

const PASSED_ON = /^(accept|content-.*|origin|sec-fetch-site|access-control-request-.*)$/;

/** What a gateway does: it makes the session of the cookie, and drops what else a viewer sends. */
export async function startProxy(servicePort) {
  const proxy = createServer((received, answer) => {
    const headers = Object.fromEntries(Object.entries(received.headers).filter(([name]) => PASSED_ON.test(name)));
    const session = received.headers.cookie?.match(/(?:^|; )sid=([^;]*)/)?.[1];
    const asked = request({
      port: servicePort,
      method: received.method,
      path: received.url,
      headers: session ? { ...headers, "session-id": session } : headers,
    });
    asked.on("response", (given) => {
      answer.writeHead(given.statusCode, given.headers);
      given.pipe(answer);
    });
    asked.on("error", () => answer.writeHead(502).end());
    received.pipe(asked);
  });
  return listening(proxy);
}

async function listening(server) {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: server.address().port,
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** nginx with the shipped file, which passes the streams API on and asks before it passes on what is of the origin. */
export async function startNginx(servicePort, originPort) {
  const directory = mkdtempSync(join(tmpdir(), "nginx-"));
  chmodSync(directory, 0o755); // its workers are another user's
  const port = await freePort();
  const ports = { 3001: servicePort, 8080: port, 8081: originPort };
  const file = readFileSync(join(NGINX, "nginx.conf"), "utf8")
    .replaceAll("#page ", "")
    .replace(/\b(3001|8080|8081)\b/g, (shipped) => ports[shipped]);
  writeFileSync(join(directory, "nginx.conf"), file);
  const child = spawn("nginx", ["-p", directory, "-c", "nginx.conf", "-e", "stderr", "-g", "daemon off;"]);
  let log = "";
  child.stderr.on("data", (text) => (log += text));
  await eventually(
    () => log,
    () =>
      fetch(`http://127.0.0.1:${port}/`).then(
        () => true,
        () => false,
      ),
  );
  return {
    port,
    async stop() {
      await end(child);
      rmSync(directory, { recursive: true });
    },
  };
}

async function freePort() {
  const server = await listening(createServer());
  server.stop();
  return server.port;
}
