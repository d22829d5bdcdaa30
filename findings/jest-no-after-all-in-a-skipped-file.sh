#!/usr/bin/env bash
# jest 30.5.2: in a file whose tests are all skipped, no `afterAll` runs, not even one of `setupFilesAfterEnv`, while the
# set-up itself has run. What it has registered outside the test environment stays: a subscription to
# node:diagnostics_channel lives in the worker process and hears the next test file too, in an environment that is gone.
# A set-up in `beforeAll` does not run there either, so it leaves nothing behind.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat > package.json <<'JSON'
{ "private": true }
JSON
npm install --silent --no-audit --no-fund jest@30.5.2

cat > watch.js <<'JS'
const { subscribe, unsubscribe } = require('node:diagnostics_channel')
const { basename } = require('node:path')
const { appendFileSync } = require('node:fs')
const mine = basename(expect.getState().testPath)
const heard = (message) => appendFileSync(process.env.HEARD, `${mine} hears ${message.from}\n`)
const begin = () => subscribe('finding', heard)
if (process.env.BEGIN === 'beforeAll') beforeAll(begin)
else begin()
afterAll(() => unsubscribe('finding', heard))
JS
cat > a.test.js <<'JS'
it.skip('is skipped', () => undefined)
JS
cat > b.test.js <<'JS'
const { channel } = require('node:diagnostics_channel')
it('tells the channel', () => channel('finding').publish({ from: 'b.test.js' }))
JS
# Files in the order of their names.
cat > sequencer.js <<'JS'
const Sequencer = require('@jest/test-sequencer').default
module.exports = class extends Sequencer {
  sort(tests) {
    return [...tests].sort((a, b) => (a.path < b.path ? -1 : 1))
  }
}
JS
cat > jest.config.js <<'JS'
module.exports = { setupFilesAfterEnv: ['<rootDir>/watch.js'], testSequencer: '<rootDir>/sequencer.js' }
JS

heard() {
  : > heard.txt
  HEARD="$folder/heard.txt" BEGIN=$1 npx jest --runInBand --silent > run.txt 2>&1 || { cat run.txt; exit 1; }
  sort heard.txt
}
at_once=$(heard set-up)
before_all=$(heard beforeAll)
printf 'subscribed in the set-up:\n%s\nsubscribed in beforeAll:\n%s\n' "$at_once" "$before_all"
[ "$at_once" = $'a.test.js hears b.test.js\nb.test.js hears b.test.js' ] || { echo 'CHANGED: the skipped file left no subscription'; exit 1; }
[ "$before_all" = 'b.test.js hears b.test.js' ] || { echo 'CHANGED: beforeAll'; exit 1; }
echo 'as found: a file whose tests are all skipped never unsubscribes'
