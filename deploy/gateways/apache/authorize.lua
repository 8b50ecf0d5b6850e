-- Asks thezone before Apache passes a viewer's request on (settings: thezone.yml). Apache runs it by mod_lua; apache.conf says when.
-- It needs LuaSocket (lua-socket in Debian).

local socket = require "socket"

-- All questions of a session go to the same node, which remembers it. Another node answers as well, if that one is away.
local NODES = { "127.0.0.1:3001" }
--#second NODES[2] = "127.0.0.1:3003"
local COOKIE = "sid"
local SECONDS_TO_CONNECT = 1
local SECONDS_TO_ANSWER = 3

-- Why a viewer may not go on, as the player is told.
local TEXTS = {
  ["full"] = "All streams of this account are in use.",
  ["ended"] = "This stream was ended.",
  ["no-session"] = "Please sign in.",
  ["unusable-session"] = "Please sign in again.",
  ["unreadable"] = "The request cannot be read.",
  ["not-found"] = "There is nothing here.",
}
local OTHER_TEXT = "The stream cannot be started now."

-- What of thezone's denial the player gets besides the reason.
local PASSED_ON = { "Stream-Reason", "Stream-Decision", "Retry-After", "WWW-Authenticate" }

-- The open connections of this thread, one to each node. thezone closes them after 75 s without a question.
local connections = {}

local function within(deadline, connection)
  connection:settimeout(math.max(0, deadline - socket.gettime()))
  return connection
end

local function connect(node, deadline)
  local connection = assert(socket.tcp())
  local host, port = node:match("^(.*):(%d+)$")
  local ok, failure = within(math.min(deadline, socket.gettime() + SECONDS_TO_CONNECT), connection):connect(host, port)
  if not ok then
    connection:close()
    return nil, node .. ": " .. failure
  end
  connection:setoption("tcp-nodelay", true)
  return connection
end

-- Returns the status, and the headers by their names in lower case; or nil and why not.
local function answer(connection, deadline)
  local line, failure = within(deadline, connection):receive("*l")
  local status = line and tonumber(line:match("^HTTP/1%.1 (%d%d%d)"))
  local headers = {}
  while line and line ~= "" do
    line, failure = within(deadline, connection):receive("*l")
    local name, value = (line or ""):match("^([^:]+):%s*(.-)%s*$")
    if name then
      headers[name:lower()] = value
    end
  end
  -- The body has no use, but the next answer follows it.
  local length = tonumber(headers["content-length"] or 0)
  if line and length > 0 then
    line, failure = within(deadline, connection):receive(length)
  end
  if not line then
    return nil, failure
  end
  return status, headers
end

local function exchange(node, connection, question, deadline)
  local sent, failure = within(deadline, connection):send(question)
  local status, headers
  if sent then
    status, headers = answer(connection, deadline)
    failure = headers
  end
  if not status then
    connection:close()
    connections[node] = nil
    return nil, node .. ": " .. tostring(failure)
  end
  connections[node] = connection
  return status, headers
end

-- Returns the status and the headers of the answer; or nil and why there is none.
local function ask(question, first)
  local deadline = socket.gettime() + SECONDS_TO_ANSWER
  local status, result
  for i = first, first + #NODES - 1 do
    local node = NODES[i % #NODES + 1]
    local kept = connections[node]
    if kept then
      status, result = exchange(node, kept, question, deadline)
    end
    -- A question may be asked twice: it names its stream.
    if not status then
      local connection
      connection, result = connect(node, deadline)
      if connection then
        status, result = exchange(node, connection, question, deadline)
      end
    end
    if status then
      break
    end
  end
  return status, result
end

local function write(r, reason)
  r.content_type = "application/json"
  r:puts('{"reason":"', reason, '","text":"', TEXTS[reason] or OTHER_TEXT, '"}')
end

local function deny(r, status, reason)
  r.status = status
  write(r, reason)
  return apache2.DONE
end

function authorize(r)
  -- A browser asks without cookies what it may send.
  if r.method == "OPTIONS" then
    r.status = 204
    return apache2.DONE
  end

  -- Nothing that the viewer sent goes along but the value of the session cookie, so no viewer can set a header that thezone reads.
  local session = (";" .. (r.headers_in["Cookie"] or "")):match(";%s*" .. COOKIE .. "=([^;]*)") or ""
  local question = table.concat({
    "GET /authorize HTTP/1.1",
    "Host: thezone",
    "Session-Id: " .. session,
    "Stream-Id: " .. r.subprocess_env["MATCH_PLAYER"],
    "Asset-Id: " .. r.subprocess_env["MATCH_ASSET"],
    "Viewer-Method: " .. r.method,
  }, "\r\n") .. "\r\n\r\n"
  local status, result = ask(question, tonumber(r:md5(session):sub(1, 7), 16))

  if status == 200 then
    return apache2.DECLINED
  end
  if not status then
    r:err("thezone did not answer: " .. result)
  elseif result["stream-reason"] then
    for _, name in ipairs(PASSED_ON) do
      r.headers_out[name] = result[name:lower()]
    end
    return deny(r, status, result["stream-reason"])
  end
  r.headers_out["Retry-After"] = "1"
  return deny(r, 503, "no-decision")
end

-- Redirects a new player to a path of its own.
function redirect(r)
  local random = assert(io.open("/dev/urandom", "rb"))
  local player = random:read(16):gsub(".", function(byte) return ("%02x"):format(byte:byte()) end)
  random:close()
  r.headers_out["Location"] = "/play/" .. player .. r.unparsed_uri:gsub("^/+video", "", 1)
  r.headers_out["Cache-Control"] = "no-store"
  r.status = 302
  return apache2.OK
end

-- Answers for Apache itself, which keeps the status. The path names the reason.
function explain(r)
  if not r.subprocess_env["REDIRECT_STATUS"] then
    return 404
  end
  if r.status >= 500 then
    r.headers_out["Retry-After"] = "1"
  end
  write(r, r.uri:match("[a-z-]+$"))
  return apache2.OK
end
