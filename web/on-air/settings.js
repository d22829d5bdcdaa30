// Settings of a page that is loaded from a file: server, feed, key, look. With `play: true` it plays by itself; a host
// that plays templates, as CasparCG does, sends all of them with `update`.
globalThis.flashlineOnAir = {}
