#!/usr/bin/env bash
# @redocly/cli 2.77.0: `redocly lint ONE TWO --format json` writes two JSON texts with nothing between them.
#
# A guess from memory: one JSON value with the problems of all files, as eslint and others write it; `totals` and the
# member `source` of each problem look like that. The output of two files is `{…}{…}`, which is neither JSON nor NDJSON, and
# JSON.parse says "Unexpected non-whitespace character". The output of one file is valid.
# Seen with Node 20.20.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund @redocly/cli@2.77.0
cat >one.json <<'JSON'
{"openapi":"3.1.0","info":{"title":"News","version":"1","license":{"name":"MIT","identifier":"MIT"}},"servers":[{"url":"/"}],
 "security":[],"paths":{"/news":{"get":{"operationId":"getNews","summary":"News","responses":{"200":{"description":"News"},"400":{"description":"No"}}}}}}
JSON
cp one.json two.json
export REDOCLY_TELEMETRY=off REDOCLY_SUPPRESS_UPDATE_NOTICE=true
parses() {
  node -e 'let text = ""; process.stdin.on("data", (part) => (text += part)).on("end", () => {
    try { JSON.parse(text); console.log("valid") } catch (error) { console.log(error.message.split(" at ")[0]) } })'
}
one=$(npx redocly lint one.json --format json 2>/dev/null | parses)
two=$(npx redocly lint one.json two.json --format json 2>/dev/null | parses)
echo "one file: $one; two files: $two"
[ "$one" = valid ] && [ "$two" != valid ]
