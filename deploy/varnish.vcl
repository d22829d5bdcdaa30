vcl 4.1;

# In front of a Flashline with all roles; with separate roles, choose the backend by the paths in nginx.conf. Varnish's
# defaults pass event streams on as they come and follow the service's Cache-Control and Vary.
# Start: varnishd -a :8080 -f /path/to/varnish.vcl

backend flashline {
  .host = "flashline";
  .port = "8080";
}

sub vcl_recv {
  if (req.url ~ "^/metrics([/?]|$)") {
    return (synth(404));
  }
  # Varnish speaks plain HTTP. Remove this line if TLS ends in front of Varnish, where the header is set.
  set req.http.X-Forwarded-Proto = "http";
  if (req.http.Upgrade ~ "(?i)^websocket$") {
    return (pipe);
  }
  # Documents come from Flashline's memory, compressed. Out of its cache, Varnish would compress them itself and
  # change their tags.
  if (req.url ~ "^/feeds/") {
    return (pass);
  }
}

sub vcl_pipe {
  if (req.http.Upgrade) {
    set bereq.http.Upgrade = req.http.Upgrade;
    set bereq.http.Connection = "upgrade";
  }
}
