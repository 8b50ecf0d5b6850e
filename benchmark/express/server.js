'use strict';

// Keeps the expiry times of the streams of each session in memory, in milliseconds since 1970. Usage: PORT=… node server.js
const express = require('express');

const LIMIT = 3;
const LEASE = 90_000;
const sessions = new Map();

const app = express();
app.disable('etag');
app.disable('x-powered-by');

app.get('/watch', (request, response) => {
  const session = request.get('Session-Id');
  const now = Date.now();
  const live = (sessions.get(session) ?? []).filter((end) => end > now);
  if (live.length >= LIMIT) {
    response.status(401).end();
    return;
  }
  live.push(now + LEASE);
  sessions.set(session, live);
  response.status(200).end();
});

app.get('/health', (request, response) => response.status(200).end());

function forget() {
  const now = Date.now();
  for (const [session, ends] of sessions) {
    if (ends[ends.length - 1] <= now) {
      sessions.delete(session);
    }
  }
}

setInterval(forget, 10_000);
app.listen(Number(process.env.PORT), '127.0.0.1');
