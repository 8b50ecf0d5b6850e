import assert from "node:assert/strict";
import { test } from "node:test";
import { build } from "esbuild";

const LIMIT = 6 * 1024;

test("the module, minified, has less than 6 KB", async () => {
  const { outputFiles } = await build({ entryPoints: ["src/thezone.js"], bundle: true, minify: true, format: "esm", write: false });

  const bytes = outputFiles[0].contents.length;
  console.log(`minified: ${bytes} bytes`);
  assert.ok(bytes < LIMIT, `${bytes} bytes`);
});
