import { describe, expect, it } from '@jest/globals'
import { indexTerms, wordsOf } from '../../../src/desk/words.ts'

describe('the words of a headline', () => {
  it.each([
    ['Bridge closed: 1,200 hurt, rate 4.5', ['bridge', 'closed', '1,200', 'hurt', 'rate', '4.5']],
    ['U.S. says "don’t"', ['us', 'says', 'dont']],
    ['عاجل: إصابة ٣ أشخاص', ['عاجل', 'اصابه', '3', 'اشخاص']],
    ['على ایران کتاب', ['علي', 'ايران', 'كتاب']],
    ['東京で地震', ['東京', 'で', '地震']],
    ['กรุงเทพน้ำท่วม', ['กรุงเทพ', 'น้ำ', 'ท่วม']],
    ['१२ मरे', ['12', 'मरे']],
    ['🚨 !!', []],
  ])('%s', (text, words) => {
    expect(wordsOf(text)).toEqual(words)
  })
})

it('a headline is indexed under each of its words once, and under 40 at the most', () => {
  expect(indexTerms('Dog bites dog')).toEqual(['dog', 'bites'])
  expect(indexTerms(Array.from({ length: 60 }, (_, n) => `w${n}`).join(' '))).toHaveLength(40)
})
