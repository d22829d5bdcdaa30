import { html, type Html } from '../embeds/html.ts'

export interface PageHead {
  readonly title: string
  /** The address of the page's script. */
  readonly script?: string
  /** Links to typefaces. */
  readonly faces?: Html | undefined
  /** Links to other formats of what the page shows. */
  readonly alternates?: readonly Html[]
}

/** The head that the server's own pages share. */
export function pageHead({ title, script, faces, alternates = [] }: PageHead): Html {
  return html`<head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <meta name="referrer" content="no-referrer" />
    <title>${title} · Flashline</title>
    <link rel="icon" href="/page/icon.svg" type="image/svg+xml" />
    <link rel="stylesheet" href="/page/page.css" />
    ${alternates} ${faces} ${script !== undefined && html`<script type="module" src="${script}"></script>`}
  </head>`
}
