import { readFileSync } from 'node:fs'
import type { FeedTitle } from '../../protocol/feed.ts'
import { fontSubsets } from '../../protocol/font-subsets.ts'
import { html, type Html } from '../embeds/html.ts'
import { webFolder } from '../../platform/web-folder.ts'

const FACE = /url\(([a-z0-9-]+?-(latin|latin-ext|arabic)-[0-9a-f]{16}\.woff2)\)/g

/**
 * Gives the links to the style sheet of the typefaces and to the faces that the feeds need. Browsers seldom use a
 * face that only the style sheet names, since it comes after the first painting (`font-display: optional`).
 */
export function ownFaces(): (feeds: readonly FeedTitle[]) => Html {
  const sheet = readFileSync(`${webFolder('widget')}fonts.css`, 'utf8')
  const files = Array.from(sheet.matchAll(FACE), ([, file = '', subset = '']) => ({ file, subset }))
  return (feeds) => {
    const needed = new Set<string>(['latin', ...feeds.flatMap(({ lang }) => fontSubsets(lang))])
    const links = files
      .filter(({ subset }) => needed.has(subset))
      .map(
        ({ file }) =>
          html`<link rel="preload" href="/widget/${file}" as="font" type="font/woff2" crossorigin />`,
      )
    return html`<link rel="stylesheet" href="/widget/fonts.css" />${links}`
  }
}
