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

-- All works but acquire visit the sessions in turn, repeatedly.
local works = {}

-- A new session each time.
function works.acquire(n)
  return ask("GET", "/watch", run .. "-" .. n)
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

-- One start, 120 heartbeats, one release. A heartbeat starts a missing stream, so no request depends on an earlier one.
function works.mix(session, visit)
  local stream = "s-" .. session
  if (visit + session) % 122 == 121 then
    return ask("DELETE", "/streams/" .. stream, "held-" .. session)
  end
  return ask("GET", "/watch", "held-" .. session, stream)
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
  if work == "acquire" then
    return works.acquire(n)
  end
  return works[work](n % sessions, math.floor(n / sessions))
end

-- Output for a program: requests, microseconds, answers of 400 and above, other errors, p50 and p99 in microseconds.
function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format("RESULT %d %d %d %d %d %d\n", summary.requests, summary.duration, errors.status,
    errors.connect + errors.read + errors.write + errors.timeout, latency:percentile(50), latency:percentile(99)))
end
