#!/usr/bin/env bash
# @sofie-automation/sorensen 1.5.11: on a Mac, one ⌘+Enter ends all single-key hotkeys until the window loses the focus,
# and a hotkey bound to `Accel` or `Command` never fires.
#
# A guess: a library made for the control rooms of broadcasters, which matches by `event.code`, has ⌘ as `Command` and
# `Accel`. Both mean `OSLeft` and `OSRight`, the codes of old Firefox; today's browsers say `MetaLeft`, so only `Meta` fires.
# And browsers on a Mac send no keyup for a key that is let go while ⌘ is down. The library then holds Enter for down, and
# a hotkey is exclusive by default: it fires only when no other key is down. This script plays that order of events to
# the library in jsdom, with the platform of a Mac; no Mac was at hand.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund jsdom@26.1.0 @sofie-automation/sorensen@1.5.11
cat >run.cjs <<'JS'
const { deepStrictEqual } = require('node:assert')
const { JSDOM } = require('jsdom')
const { window } = new JSDOM('<body></body>', { url: 'http://localhost/' })
Object.defineProperty(window.navigator, 'platform', { value: 'MacIntel' })
Object.assign(globalThis, { window, document: window.document })
Object.defineProperty(globalThis, 'navigator', { value: window.navigator, configurable: true })
const { Sorensen: keys } = require('@sofie-automation/sorensen')

const heard = []
const send = (type, code) =>
  window.document.body.dispatchEvent(new window.KeyboardEvent(type, { code, bubbles: true }))
function hears(step, expected) {
  const got = heard.splice(0)
  console.log(`${step}: ${JSON.stringify(got)}; down: ${JSON.stringify(keys.getPressedKeys())}`)
  deepStrictEqual(got, expected)
}

keys.init().then(() => {
  for (const combo of ['KeyJ', 'Meta+Enter', 'Command+Enter', 'Accel+Enter']) keys.bind(combo, () => heard.push(combo))
  send('keydown', 'KeyJ')
  send('keyup', 'KeyJ')
  hears('J', ['KeyJ'])
  send('keydown', 'MetaLeft')
  send('keydown', 'Enter')
  send('keyup', 'MetaLeft')
  hears('command and Enter', ['Meta+Enter'])
  send('keydown', 'KeyJ')
  send('keyup', 'KeyJ')
  hears('J afterwards', [])
  window.dispatchEvent(new window.Event('blur'))
  send('keydown', 'KeyJ')
  send('keyup', 'KeyJ')
  hears('J after the window has lost the focus', ['KeyJ'])
})
JS
node run.cjs
