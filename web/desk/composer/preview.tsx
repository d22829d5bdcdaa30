import { useComputedColorScheme } from '@mantine/core'
import { useEffect, useRef } from 'react'
import tickerCss from '../../widget/ticker.css?inline'
import { readSettings, type Settings } from '../../widget/settings.ts'
import { openStage, type Source, type Stage } from '../../widget/stage.ts'
import type { FeedTitle, Headline } from '../../sdk/types.ts'
import { contentOf, type Words } from './words.ts'

const style = new CSSStyleSheet()
style.replaceSync(tickerCss)

export interface PreviewProps {
  readonly feed: FeedTitle
  readonly words: Words
  /** Readers see it with a correction. */
  readonly note: string
}

/** The line as the ticker on other sites draws it, by the ticker's own code. The text field has its words already. */
export function Preview({ feed, words, note }: PreviewProps) {
  const frame = useRef<HTMLDivElement>(null)
  const stage = useRef<Stage>(undefined)
  const source = useRef<{ -readonly [Member in keyof Source]: Source[Member] }>(undefined)
  const theme = useComputedColorScheme('light', { getInitialValueInEffect: false })

  useEffect(() => {
    if (!frame.current) return
    const root = frame.current.shadowRoot ?? frame.current.attachShadow({ mode: 'open' })
    root.adoptedStyleSheets = [style]
    const status = { state: 'live', since: Date.now(), malformed: 0 } as const
    source.current = { strip: [], feed, status }
    const opened = openStage(root, settingsOf(feed, theme), source.current, {
      onHide: () => undefined,
      onEmpty: () => undefined,
    })
    stage.current = opened
    return () => opened.close()
  }, [feed, theme])

  useEffect(() => {
    if (!source.current) return
    source.current.strip = [lineOf(words, note)]
    stage.current?.showSoon()
  }, [feed, theme, words, note])

  // Nothing in it is to be pressed, and a screen reader has the words from the field.
  return <div ref={frame} className="composer-preview" data-preview inert />
}

function lineOf(words: Words, note: string): Headline {
  const { regions = [], tags = [], expiresAt: _, ...content } = contentOf(words)
  const now = new Date().toISOString()
  return {
    id: 'preview',
    version: 1,
    status: 'live',
    place: 1,
    publishedAt: now,
    updatedAt: now,
    regions,
    tags,
    ...content,
    ...(note.trim() !== '' && { corrected: now, note }),
  }
}

function settingsOf({ id }: FeedTitle, theme: string): Settings {
  const attributes: Readonly<Record<string, string>> = {
    feed: id,
    theme,
    max: '1',
    announce: 'off',
    notices: '0',
  }
  return readSettings((name) => attributes[name] ?? null, location.origin)
}
