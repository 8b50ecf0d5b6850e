vcl 4.1;
# Varnish 7.1 or newer in front of a video origin, which asks thezone (settings: thezone.yml) before each request under /play/.
#
# A viewer opens /video/<asset>/…/<name>.m3u8 and is redirected to a path of this player's own, /play/<player>/<asset>/…, in which all
# relative URLs of the playlist stay. So a player is one stream, whatever it is made of, and a retry takes no second slot.
#
# Each request is processed twice: first as the question to thezone, and, if thezone allows it, after a restart as the request to the
# origin. Segments are cached, and still each viewer is asked about.
#
# Adapt: the addresses of thezone and of the origin, the name of the session cookie. README.md has the command with its parameters. To
# put a commented part in force, take away its mark: "#second " for a second node; "#cache " for caching answers, also in thezone.yml.

import directors;
import std;

probe health {
  .url = "/health";
  .interval = 1s;
  .timeout = 1s;
  .window = 3;
  .threshold = 2;
  .initial = 2;
}

backend thezone1 {
  .host = "127.0.0.1:3001";
  .connect_timeout = 1s;
  .first_byte_timeout = 3s;
  .between_bytes_timeout = 1s;
  .probe = health;
}

#second backend thezone2 {
#second   .host = "127.0.0.1:3003";
#second   .connect_timeout = 1s;
#second   .first_byte_timeout = 3s;
#second   .between_bytes_timeout = 1s;
#second   .probe = health;
#second }

backend origin {
  .host = "127.0.0.1:8081";
  .connect_timeout = 1s;
}

sub vcl_init {
  # All questions of a session go to the same node, which remembers it. Another node answers as well, while that one is away.
  new thezone = directors.shard();
  thezone.add_backend(thezone1);
  #second thezone.add_backend(thezone2);
  thezone.reconfigure();
}

sub vcl_recv {
  # These go from thezone to the player.
  unset req.http.Stream-Reason;
  unset req.http.Stream-Decision;
  unset req.http.Retry-After;
  unset req.http.WWW-Authenticate;
  # A new player: it gets a path of its own.
  if (req.url ~ "^/video/") {
    return (synth(302, "new-player"));
  }
  if (req.url !~ "^/play/[0-9a-f]{32}/") {
    return (synth(404, "not-found"));
  }
  # Varnish passes paths on as they are. One that the origin might take for another path is refused.
  if (req.url !~ "^/play/[0-9a-f]+/[A-Za-z0-9._~-]+/"
      || req.url ~ "^[^?]*/(\.|%2[eE]){1,2}(/|;|%3[bB]|#|\?|$)"
      || req.url ~ "^[^?]*(//|\\|%00|%2[fF]|%5[cC])") {
    return (synth(400, "unreadable"));
  }
  # A browser asks without cookies what it may send.
  if (req.method == "OPTIONS") {
    return (synth(204, "preflight"));
  }
  if (req.restarts == 0) {
    # After the rollback below, Varnish does not say how long such a body is, and the origin would take it for the next request.
    if (req.http.Transfer-Encoding) {
      return (synth(411, "unreadable"));
    }
    # Kept, because only the second pass sends it on.
    if (!std.cache_req_body(1MB)) {
      return (synth(413, "unreadable"));
    }
    call ask;
    #cache if (req.http.Viewer-Method != "HEAD") { return (hash); }
    return (pass);
  }

  # Allowed: only vcl_deliver restarts.
  set req.backend_hint = origin;
  set req.url = regsub(req.url, "^/play/[0-9a-f]+", "");
  # The session is none of the origin's business.
  unset req.http.Cookie;
  if ((req.method == "GET" || req.method == "HEAD") && !req.http.Authorization && !req.http.Content-Length) {
    return (hash);
  }
  return (pass);
}

# Makes the request a question. Headers that thezone reads are set here or dropped: if thezone.yml names others, add them.
sub ask {
  unset req.http.Session-Id;
  if (req.http.Cookie ~ "(^|; *)sid=") {
    set req.http.Session-Id = regsub(req.http.Cookie, "^(.*; *)?sid=([^;]*).*$", "\2");
  }
  set req.http.Stream-Id = regsub(req.url, "^/play/([0-9a-f]+)/.*$", "\1");
  set req.http.Asset-Id = regsub(req.url, "^/play/[0-9a-f]+/([^/]+)/.*$", "\1");
  set req.http.Viewer-Method = req.method;
  unset req.http.Stream-Plan;
  unset req.http.Stream-Limit;
  unset req.http.Idempotency-Key;
  unset req.http.CMCD-Session;
  unset req.http.Cookie;
  set req.method = "GET";
  set req.url = "/authorize";
  set req.backend_hint = thezone.backend(by=KEY, key=thezone.key(req.http.Session-Id));
}

# An answer that allows is for one session, player and asset.
#cache sub vcl_hash {
#cache   if (req.url == "/authorize") {
#cache     hash_data(req.http.Session-Id);
#cache     hash_data(req.http.Stream-Id);
#cache     hash_data(req.http.Asset-Id);
#cache   }
#cache }

sub vcl_backend_fetch {
  if (bereq.url == "/authorize") {
    unset bereq.body;
  }
}

sub vcl_backend_response {
  # It says private, for the viewer's sake.
  #cache if (bereq.url == "/authorize") {
  #cache   set beresp.grace = 0s;
  #cache   if (beresp.status != 200 || beresp.http.Cache-Control !~ "max-age") {
  #cache     set beresp.uncacheable = true;
  #cache     set beresp.ttl = 0s;
  #cache   }
  #cache   return (deliver);
  #cache }
  # Without its word the origin's answer is not cached: it may be a live playlist.
  if (!beresp.http.Cache-Control && !beresp.http.Expires) {
    set beresp.uncacheable = true;
    set beresp.ttl = 120s;
  }
}

sub vcl_backend_error {
  set beresp.http.Content-Type = "application/json";
  set beresp.http.Retry-After = "1";
  set beresp.body = """{"reason":"no-origin","text":"The stream cannot be started now."}""";
  return (deliver);
}

sub vcl_deliver {
  if (req.restarts > 0) {
    return (deliver);
  }
  # thezone's answer.
  if (resp.status == 200) {
    # As the viewer sent it.
    std.rollback(req);
    return (restart);
  }
  # What of a denial the player gets; an absent header becomes an empty one.
  set req.http.Stream-Reason = resp.http.Stream-Reason;
  set req.http.Stream-Decision = resp.http.Stream-Decision;
  set req.http.Retry-After = resp.http.Retry-After;
  set req.http.WWW-Authenticate = resp.http.WWW-Authenticate;
  if (!resp.http.Stream-Reason) {
    return (synth(503, "no-decision"));
  }
  return (synth(resp.status, resp.http.Stream-Reason));
}

sub vcl_synth {
  if (resp.status == 302) {
    # Numbers suffice: a path has to be unique within its session, not secret.
    set resp.http.Location = regsub(req.url, "^/video", "/play/"
      + std.real2integer(std.random(10000000000, 99999999999), 0)
      + std.real2integer(std.random(10000000000, 99999999999), 0)
      + std.real2integer(std.random(1000000000, 9999999999), 0));
    set resp.http.Cache-Control = "no-store";
    set resp.reason = "Found";
    return (deliver);
  }
  if (resp.status == 204) {
    return (deliver);
  }
  if (req.http.Stream-Reason ~ ".") {
    set resp.http.Stream-Reason = req.http.Stream-Reason;
  }
  if (req.http.Stream-Decision ~ ".") {
    set resp.http.Stream-Decision = req.http.Stream-Decision;
  }
  if (req.http.Retry-After ~ ".") {
    set resp.http.Retry-After = req.http.Retry-After;
  }
  if (req.http.WWW-Authenticate ~ ".") {
    set resp.http.WWW-Authenticate = req.http.WWW-Authenticate;
  }

  # Why a viewer may not go on, as the player is told.
  if (resp.reason == "full") {
    set req.http.Text = "All streams of this account are in use.";
  } else if (resp.reason == "ended") {
    set req.http.Text = "This stream was ended.";
  } else if (resp.reason == "no-session") {
    set req.http.Text = "Please sign in.";
  } else if (resp.reason == "unusable-session") {
    set req.http.Text = "Please sign in again.";
  } else if (resp.reason == "not-found") {
    set req.http.Text = "There is nothing here.";
  } else if (resp.reason == "unreadable") {
    set req.http.Text = "The request cannot be read.";
  } else {
    set req.http.Text = "The stream cannot be started now.";
  }
  set resp.http.Content-Type = "application/json";
  set resp.body = {"{"reason":""} + resp.reason + {"","text":""} + req.http.Text + """"}""";
  return (deliver);
}
