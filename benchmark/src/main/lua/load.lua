-- Generates the requests of a work, at the same cost for every contestant; the n-th request depends only on n.
-- Usage: wrk -t1 … -s load.lua <url> -- <work> <number of the first request> <sessions> <name of the run>
local work, made, sessions, run

local function ask(method, path, session, stream)
  local head = method .. " " .. path .. " HTTP/1.1\r\nHost: localhost\r\nSession-Id: " .. session
  if stream then
    head = head .. "\r\nStream-Id: " .. stream
  end
  return head .. "\r\n\r\n"
end

-- The n-th start describes a device and an asset.
local function askWithBody(method, path, session, n)
  local body = string.format('{"device":{"id":"d-%d","type":"tv"},"asset":{"id":"a-%d","type":"episode"}}', n, n % 1000)
  return string.format("%s %s HTTP/1.1\r\nHost: localhost\r\nSession-Id: %s\r\nContent-Type: application/json\r\n"
    .. "Content-Length: %d\r\n\r\n%s", method, path, session, #body, body)
end

-- These works visit the sessions in turn, repeatedly.
local works = {}

-- These works use a new session for each start.
local fresh = {}

function fresh.acquire(n)
  return ask("GET", "/watch", run .. "-" .. n)
end

function fresh.start(n)
  return askWithBody("POST", "/streams", run .. "-" .. n, n)
end

-- Starts and ends streams by turns. A stream ends 10,000 requests after its start, so that its end cannot overtake its start; the
-- start may have been in the run before, so the names of the sessions do not depend on the run.
function fresh.stop(n)
  local started = math.floor(n / 2)
  if n % 2 == 0 then
    return askWithBody("PUT", "/streams/s-" .. started, "stop-" .. started, started)
  end
  local ended = started - 5000
  return ask("DELETE", "/streams/s-" .. ended, "stop-" .. ended)
end

-- The only stream that the session may have.
function works.fill(session)
  return ask("GET", "/watch", "full-" .. session, "s-" .. session)
end

-- A second stream of the session.
function works.refusal(session)
  return ask("GET", "/watch", "full-" .. session)
end

function works.heartbeat(session)
  return ask("POST", "/streams/s-" .. session .. "/heartbeat", "full-" .. session)
end

-- A gateway's question about a segment of the stream that the session holds.
function works.segment(session)
  return ask("GET", "/authorize", "full-" .. session, "s-" .. session)
end

-- A player's segment, by the path that nginx.conf gives to the player.
function works.viewer(session)
  return string.format("GET /play/%032x/movie/segment.ts HTTP/1.1\r\nHost: localhost\r\nCookie: sid=viewer-%d\r\n\r\n",
    session, session)
end

-- One start, 120 heartbeats, one release. A heartbeat starts a missing stream. The first visit is never a release, because a
-- session refuses a stream that was released before it started.
function works.mix(session, visit)
  local stream = "s-" .. session
  if visit > 0 and (visit + session) % 122 == 121 then
    return ask("DELETE", "/streams/" .. stream, "held-" .. session)
  end
  return ask("GET", "/watch", "held-" .. session, stream)
end

-- The second stream, of all sessions that growth does not start with its start.
function works.second(session)
  if session % 8 == 0 then
    return works.heartbeat(session)
  end
  return ask("GET", "/watch", "full-" .. session, "t-" .. session)
end

-- One stream stays and gets six heartbeats, while a second one starts and ends: two of eight requests are saved.
function works.growth(session, visit)
  local step = (visit + session) % 8
  if step == 0 then
    return ask("GET", "/watch", "full-" .. session, "t-" .. session)
  elseif step == 7 then
    return ask("DELETE", "/streams/t-" .. session, "full-" .. session)
  end
  return works.heartbeat(session)
end

-- Alternates starts and ends.
function works.churn(session, visit)
  local stream = "s-" .. session
  if visit % 2 == 0 then
    return ask("GET", "/watch", "churn-" .. session, stream)
  end
  return ask("DELETE", "/streams/" .. stream, "churn-" .. session)
end

function init(args)
  work = args[1]
  -- wrk asks for one request to look at, and does not send it.
  made = tonumber(args[2]) - 1
  sessions = tonumber(args[3])
  run = args[4]
end

function request()
  local n = made
  made = n + 1
  if fresh[work] then
    return fresh[work](n)
  end
  return works[work](n % sessions, math.floor(n / sessions))
end

-- Output for a program: requests, microseconds, answers of 400 and above, other errors, p50 and p99 in microseconds.
function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format("RESULT %d %d %d %d %d %d\n", summary.requests, summary.duration, errors.status,
    errors.connect + errors.read + errors.write + errors.timeout, latency:percentile(50), latency:percentile(99)))
end
