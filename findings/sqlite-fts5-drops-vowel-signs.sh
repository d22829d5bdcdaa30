#!/usr/bin/env bash
# libsql 0.5.29 (SQLite 3.45.1): full-text search (FTS5) takes Hindi, Thai, Burmese and Khmer words apart at their vowel signs.
#
# A guess: the default tokenizer, unicode61, knows Unicode, so a word stays whole, as it does in Latin and Korean. It takes
# letters and numbers as parts of words, and most vowel signs of these scripts are marks: they separate words, as a space
# does, and are not kept. So a search for "day" in Hindi finds "gift", and "good" in Thai finds "fierce": the same
# consonants. With marks as parts of words (`categories 'L* N* Co M*'`) each word finds itself alone.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund libsql@0.5.29
cat >run.cjs <<'JS'
const Database = require('libsql')

function finds(tokenizer, text, query) {
  const db = new Database(':memory:')
  db.exec(`CREATE VIRTUAL TABLE t USING fts5(w${tokenizer})`)
  db.prepare('INSERT INTO t VALUES (?)').run(text)
  return db.prepare('SELECT count(*) AS n FROM t WHERE t MATCH ?').get(`"${query}"`).n === 1
}

const withMarks = `, tokenize="unicode61 categories 'L* N* Co M*'"`
const other = { Hindi: ['दान', 'दिन'], Thai: ['ดุ', 'ดี'], Burmese: ['မူး', 'မီး'], Khmer: ['កី', 'កា'], Korean: ['거', '가'] }
let faults = 0
for (const [language, [text, query]] of Object.entries(other)) {
  const seen = [finds('', text, query), finds(withMarks, text, query), finds(withMarks, text, text)]
  console.log(`${language}: ${query} finds ${text}: ${seen[0]}; with marks: ${seen[1]}; ${text} finds itself: ${seen[2]}`)
  if (seen.join() !== [language !== 'Korean', false, true].join()) faults += 1
}
process.exit(faults)
JS
node run.cjs
