#!/usr/bin/env bash
# Chromium 153 (and 150): `supportedLocalesOf` says yes to Sindhi (`sd`), whose texts, months and digits it does not have.
#
# A guess from the specification (ECMA-402): a language that `supportedLocalesOf` returns is one that the browser can write,
# and other languages are written in the browser's own. Chromium writes "-5 min" and "M01 1" for Sindhi, while
# `resolvedOptions().locale` is `sd`. It does not have Central Kurdish, Burmese, Nepali and Pashto either, and says so.
# The program needs the system libraries that a headless Chromium needs.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
# 153.0.0 has Chromium 153.0.8010.0.
npm install --silent --no-audit --no-fund @sparticuz/chromium@153.0.0 playwright-core@1.65.1
cat >run.mjs <<'JS'
import program from '@sparticuz/chromium'
import { chromium } from 'playwright-core'

const executablePath = await program.executablePath()
const browser = await chromium.launch({ executablePath, args: program.args, timeout: 60_000 })
const page = await browser.newPage({ locale: 'en-US' })
const rows = await page.evaluate(() =>
  ['fa', 'sd', 'ckb', 'my', 'ne', 'ps'].map((language) => [
    `${language}: supported ${Intl.RelativeTimeFormat.supportedLocalesOf(language).length === 1}`,
    new Intl.RelativeTimeFormat(language, { style: 'short' }).format(-5, 'minute'),
    new Intl.DateTimeFormat(language, { day: 'numeric', month: 'short', timeZone: 'UTC' }).format(0),
  ].join('; ')),
)
console.log(rows.join('\n'))
await browser.close()
JS
TMPDIR=$folder node run.mjs | tee seen
# Persian shows that the program has languages other than English.
grep -qx 'fa: supported true; ۵ دقیقه پیش; ۱۱ دی' seen
grep -qx 'sd: supported true; -5 min; M01 1' seen
test "$(grep -c 'supported false; 5 min. ago; Jan 1$' seen)" = 4
