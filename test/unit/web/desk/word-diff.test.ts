import { expect, it } from '@jest/globals'
import { wordDiff } from '../../../../web/desk/platform/word-diff.ts'

const marks = { same: ['', ''], removed: ['[-', '-]'], added: ['{+', '+}'] } as const

function shown(before: string, after: string, lang: string): string {
  return wordDiff(before, after, lang)
    .map(({ kind, text }) => `${marks[kind][0]}${text}${marks[kind][1]}`)
    .join('')
}

it.each([
  [
    'en',
    'Bridge closed after crack',
    'Bridge closed after cracks',
    'Bridge closed after [-crack-]{+cracks+}',
  ],
  ['en', 'Three dead in fire', 'Four people dead in fire', '[-Three-]{+Four people+} dead in fire'],
  ['en', 'Fire in port', 'Big blaze in port', '[-Fire-]{+Big blaze+} in port'],
  ['ar', 'إغلاق جسر تارو بعد شرخ', 'إغلاق جسر تارو بعد شروخ', 'إغلاق جسر تارو بعد [-شرخ-]{+شروخ+}'],
  ['ar', 'مقتل ثلاثة، وفق الشرطة', 'مقتل أربعة، وفق الشرطة', 'مقتل [-ثلاثة-]{+أربعة+}، وفق الشرطة'],
  ['es', 'El puente cierra', 'El puente no cierra', 'El puente {+no +}cierra'],
  ['en', '', 'New', '{+New+}'],
  ['en', 'Same', 'Same', 'Same'],
])('marks whole words that change (%s: %s)', (lang, before, after, expected) => {
  expect(shown(before, after, lang)).toBe(expected)
})
