#!/usr/bin/env bash
# libsql 0.5.29: `libsql/promise` computes less beside JavaScript than its promises say, and its transactions end early.
#
# A guess from the name: each call runs on another thread, and transaction() waits for an async function. Seen with Node
# 20.20: `exec` and the first row of `all` are computed beside JavaScript. `get`, `run` and the second row of `all` block it.
# transaction(f) commits when f has returned its promise: a rejection rolls nothing back.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund libsql@0.5.29
cat >run.mjs <<'JS'
import Database from 'libsql/promise'

const count = 'SELECT count(*) AS n FROM (WITH RECURSIVE c (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 3000000) SELECT x FROM c)'
const db = new Database('a.db')
await db.exec('CREATE TABLE t (n)')

async function leavesTheThread(run) {
  let ticks = 0
  const timer = setInterval(() => (ticks += 1), 2)
  await run()
  clearInterval(timer)
  return ticks > 10
}

const seen = {
  exec: await leavesTheThread(() => db.exec(`INSERT INTO t ${count}`)),
  firstRow: await leavesTheThread(async () => (await db.prepare(count)).all()),
  secondRow: await leavesTheThread(async () => (await db.prepare(`SELECT 1 UNION ALL ${count}`)).all()),
  get: await leavesTheThread(async () => (await db.prepare(count)).get()),
  run: await leavesTheThread(async () => (await db.prepare(`INSERT INTO t ${count}`)).run()),
}
await db.exec('DELETE FROM t')
await db.transaction(async () => {
  await db.exec('INSERT INTO t VALUES (1)')
  throw new Error('roll back')
})().catch(() => undefined)
const kept = (await (await db.prepare('SELECT * FROM t')).all()).length

console.log(`computed beside JavaScript: ${JSON.stringify(seen)}; rows of the transaction that has failed: ${kept}`)
if (JSON.stringify(seen) !== '{"exec":true,"firstRow":true,"secondRow":false,"get":false,"run":false}' || kept !== 1)
  process.exit(1)
JS
node run.mjs
