-- Asks for a path with a new session each time; the cost of making a request is the same for every path.
-- Usage: wrk … -s sessions.lua <url> -- <path>
local path, made = "/", 0

-- Sets the global of each thread.
function setup(thread)
  thread:set("run", os.time() .. "-" .. tostring(thread):gsub("%W", ""))
end

function init(args)
  path = args[1]
end

function request()
  made = made + 1
  return wrk.format("GET", path, {["Session-Id"] = "bench-" .. run .. "-" .. made})
end

-- One line that a program can read: requests, microseconds, answers that were no success, p50, p99 and p99.9 in microseconds.
function done(summary, latency, requests)
  local failed = summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout
  io.write(string.format("RESULT %d %d %d %d %d %d\n", summary.requests, summary.duration, failed,
    latency:percentile(50), latency:percentile(99), latency:percentile(99.9)))
end
