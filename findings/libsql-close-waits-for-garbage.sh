#!/usr/bin/env bash
# libsql 0.5.29: after `close()` the file stays open, and its changes beside it, until the statements are garbage.
#
# A guess from better-sqlite3: close() ends the connection, and the last one moves the changes from the -wal file into the
# database. Here a statement that was prepared keeps the connection, and there is no call that ends a statement. Seen with
# Node 20.20: the files are open after close(), the -wal file is there, and both are gone after a garbage collection.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund libsql@0.5.29
cat >run.mjs <<'JS'
import Database from 'libsql/promise'
import { existsSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'

let db = new Database('a.db')
await (await db.prepare('PRAGMA journal_mode = WAL')).all()
await db.exec('CREATE TABLE t (n)')
db.close()
db = undefined
const seen = [existsSync('a.db-wal')]
await pause(100)
globalThis.gc()
await pause(100)
seen.push(existsSync('a.db-wal'))
console.log(`-wal file after close: ${seen[0]}, after a garbage collection: ${seen[1]}`)
if (seen.join() !== 'true,false') process.exit(1)
JS
node --expose-gc run.mjs
