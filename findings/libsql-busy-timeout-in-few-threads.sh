#!/usr/bin/env bash
# libsql 0.5.29: connections that wait for a lock (busy_timeout) take the threads that the holder of the lock needs.
#
# A guess from SQLite: with a busy_timeout, a second writer waits until the first has committed. libsql runs all
# connections of a process on one pool with as many threads as the computer has cores, and a wait sleeps in its thread. With
# two threads and two writers that wait, the COMMIT of the third gets no thread: all wait until the timeout of one has
# passed, and that one fails with SQLITE_BUSY. Seen with Node 20.20: one is refused after 2 s; with four threads none is.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund libsql@0.5.29
cat >run.mjs <<'JS'
import Database from 'libsql/promise'
import { setTimeout as pause } from 'node:timers/promises'

const open = async () => {
  const db = new Database('a.db')
  await db.exec('PRAGMA busy_timeout = 2000')
  return db
}
const [first, second, third] = [await open(), await open(), await open()]
await first.exec('CREATE TABLE IF NOT EXISTS t (n)')
await first.exec('BEGIN IMMEDIATE')
const others = [second, third].map((db) => db.exec('BEGIN IMMEDIATE; COMMIT').then(() => 'waited', ({ code }) => code))
await pause(100)
await first.exec('COMMIT')
console.log((await Promise.all(others)).join())
JS
two=$(TOKIO_WORKER_THREADS=2 node run.mjs)
four=$(TOKIO_WORKER_THREADS=4 node run.mjs)
echo "two threads: $two; four threads: $four"
[[ "$two" == *SQLITE_BUSY* ]] && [ "$four" = 'waited,waited' ]
