/** Records a short film in the browser, and gives it as an HLS stream of fragmented MP4: contents by path. */
export async function film(browser, path) {
  const page = await browser.newPage();
  const recorded = Buffer.from(await page.evaluate(record));
  await page.close();

  const pieces = boxes(recorded);
  const first = pieces.findIndex(({ type }) => type === "moof");
  const bytes = (from, to) => recorded.subarray(pieces[from].start, pieces[to]?.start);
  const files = { [`${path}/init.mp4`]: bytes(0, first) };
  const playlist = ["#EXTM3U", "#EXT-X-VERSION:7", "#EXT-X-TARGETDURATION:1", '#EXT-X-MAP:URI="init.mp4"'];
  for (let i = first; i < pieces.length; i += 2) {
    files[`${path}/${i}.m4s`] = bytes(i, i + 2);
    playlist.push("#EXTINF:0.3,", `${i}.m4s`);
  }
  return { ...files, [`${path}/main.m3u8`]: [...playlist, "#EXT-X-ENDLIST", ""].join("\n") };
}

/** Runs in the page. */
async function record() {
  const canvas = document.createElement("canvas");
  const recorder = new MediaRecorder(canvas.captureStream(25), { mimeType: "video/mp4;codecs=avc1.42E01E" });
  const parts = [];
  recorder.ondataavailable = ({ data }) => parts.push(data);
  const stopped = new Promise((done) => (recorder.onstop = done));
  recorder.start(300);
  await new Promise((done) => {
    let frames = 0;
    const draw = setInterval(() => {
      const context = canvas.getContext("2d");
      context.fillStyle = `hsl(${frames * 10} 50% 50%)`;
      context.fillRect(0, 0, canvas.width, canvas.height);
      if (++frames === 40) {
        clearInterval(draw);
        done();
      }
    }, 40);
  });
  recorder.stop();
  await stopped;
  return [...new Uint8Array(await new Blob(parts).arrayBuffer())];
}

/** The boxes of a file (ISO/IEC 14496-12), of which a moof and an mdat are a fragment. */
function boxes(file) {
  const found = [];
  for (let start = 0; start < file.length; start += file.readUInt32BE(start)) {
    found.push({ start, type: file.toString("latin1", start + 4, start + 8) });
  }
  return found;
}
