-- Asks thezone whether a viewer's request may go on, through the proxy "questions" of haproxy.cfg, which knows the nodes and the time
-- limits. Nothing that the viewer sent goes along but what is set here.

local texts = {
  ["full"] = "All streams of this account are in use.",
  ["ended"] = "This stream was ended.",
  ["no-session"] = "Please sign in.",
  ["unusable-session"] = "Please sign in again.",
}

local function ask(txn)
  local headers = {
    ["Host"] = { "thezone" },
    ["Stream-Id"] = { txn:get_var("txn.player") },
    ["Asset-Id"] = { txn:get_var("txn.asset") },
    ["Viewer-Method"] = { txn.f:method() },
  }
  local session = txn:get_var("txn.session")
  if session and session ~= "" then
    headers["Session-Id"] = { session }
  end
  return core.httpclient():get {
    url = "http://thezone/authorize",
    dst = "abns@questions-8080",
    headers = headers,
    -- Longer than all attempts of the proxy.
    timeout = 10000,
  }
end

local function header(answer, name)
  local values = answer.headers[name]
  return values and values[0] or ""
end

core.register_action("authorize", { "http-req" }, function(txn)
  local answer = ask(txn)
  local reason = header(answer, "stream-reason")
  if answer.status == 200 and reason ~= "" then
    txn:set_var("txn.decision", "allowed")
  elseif (answer.status == 401 or answer.status == 403) and reason ~= "" then
    txn:set_var("txn.decision", answer.status == 401 and "no-session" or "denied")
    txn:set_var("txn.reason", reason)
    txn:set_var("txn.text", texts[reason] or "The stream cannot be started now.")
    txn:set_var("txn.retry_after", header(answer, "retry-after"))
    txn:set_var("txn.stream_decision", header(answer, "stream-decision"))
  end
  -- Otherwise nothing was decided.
end, 0)
