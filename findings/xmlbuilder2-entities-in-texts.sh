#!/usr/bin/env bash
# xmlbuilder2 4.0.3: a text that shows an entity (`&amp;`) comes out as the character, and one number in it throws.
#
# The builder takes texts of an object apart at entities, `&#38;` too, and writes `&` as it is where an entity follows. A
# headline `A &amp; B` arrives as `A & B`, and `&#99999999;` ends in a RangeError. Texts by `txt` are not taken apart, but the
# writer still leaves their entities alone; with `&` escaped before, they arrive as they were.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund xmlbuilder2@4.0.3
cat >run.mjs <<'JS'
import { create } from 'xmlbuilder2'

const byObject = create({ a: 'A &amp; &#38; B' }).end({ headless: true })
const byText = create().ele('a').txt('A &amp; B').end({ headless: true })
const escaped = create().ele('a').txt('A &amp; B'.replaceAll('&', '&amp;')).end({ headless: true })
let thrown = 'nothing'
try {
  create({ a: '&#99999999;' })
} catch (error) {
  thrown = error.name
}
console.log({ byObject, byText, escaped, thrown })
const isAsBefore =
  byObject === '<a>A &amp; &amp; B</a>' &&
  byText === '<a>A &amp; B</a>' &&
  escaped === '<a>A &amp;amp; B</a>' &&
  thrown === 'RangeError'
process.exit(isAsBefore ? 0 : 1)
JS
node run.mjs
