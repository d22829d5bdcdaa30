import { describe, expect, it } from '@jest/globals'
import { attributes, html as markup, Html } from '../../../../src/gateway/embeds/html.ts'

describe('markup', () => {
  it('escapes text and numbers in it, and leaves markup as it is', () => {
    const bold = markup`<b>${'<i>'}</b>`
    expect(markup`<p title="${'"&\''}">${bold} ${7}</p>`.text).toBe(
      '<p title="&quot;&amp;&#39;"><b>&lt;i&gt;</b> 7</p>',
    )
  })

  it('joins lists, and leaves out what is undefined or false', () => {
    const items = ['a', '<'].map((each) => markup`<li>${each}</li>`)
    expect(markup`<ul>${items}${undefined}${false}</ul>`.text).toBe('<ul><li>a</li><li>&lt;</li></ul>')
    expect(markup`${0}${''}`.text).toBe('0')
  })

  it('is taken as it is', () => {
    expect(new Html('<b>&').text).toBe('<b>&')
    expect(markup`${new Html('<b>&')}`.text).toBe('<b>&')
  })
})

it('attributes have a value each, escaped, and are left out without one', () => {
  expect(attributes({ a: '1', b: undefined, c: '"><script>', d: '' }).text).toBe(
    'a="1" c="&quot;&gt;&lt;script&gt;" d=""',
  )
  expect(attributes({}).text).toBe('')
})
