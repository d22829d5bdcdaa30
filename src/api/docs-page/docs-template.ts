interface DocsPage {
  readonly title: string
  /** Address of the description. */
  readonly description: string
  readonly path: string
}

/** The pages with their descriptions. */
export const docsPages: readonly DocsPage[] = [
  { title: 'API', description: '/v1/openapi.json', path: '/docs' },
  { title: 'Streams', description: '/v1/asyncapi.json', path: '/docs/streams' },
]

/**
 * The HTML of a page that Redoc fills. Redoc takes the nonce of its style sheets from `csp-nonce`, and its options from
 * its element. The colours that are changed have too little contrast as Redoc has them.
 */
export function docsTemplate({ title, description, path }: DocsPage, script: string, nonce: string): string {
  const links = docsPages.map((page) => {
    const current = page.path === path ? ' aria-current="page"' : ''
    return `<li><a href="${page.path}"${current}>${page.title}</a></li>`
  })
  return `<!doctype html>
<html lang="en" dir="ltr">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <meta name="referrer" content="no-referrer" />
    <meta property="csp-nonce" nonce="${nonce}" />
    <title>${title} · Flashline</title>
    <link rel="icon" href="data:," />
    <style nonce="${nonce}">
      body { margin: 0; font: 1rem/1.5 system-ui, sans-serif }
      .descriptions { padding: 0.5rem 1rem; border-bottom: 1px solid #767676 }
      .descriptions ul { display: flex; flex-wrap: wrap; gap: 1.5rem; margin: 0; padding: 0; list-style: none }
      .descriptions a { color: inherit }
      .descriptions a[aria-current] { font-weight: 700; text-decoration: none }
      [class*='tag-'] { --tag-color: var(--text-color-primary) !important }
      :root:not(.dark) {
        --color-blue-5: #1a56b4 !important;
        --color-blue-6: #0b57c4 !important;
        --color-blue-7: #1a56b4 !important;
        --color-green-5: #0a6634 !important;
        --color-green-7: #0a6634 !important;
        --color-warm-grey-5: #666774 !important;
      }
      :root.dark {
        --color-warm-grey-5: #b0b1bc !important;
      }
      :root.dark .schema-name { color: #a9a5ff !important }
    </style>
    <script type="module" src="${script}"></script>
  </head>
  <body>
    <nav class="descriptions" aria-label="Descriptions">
      <ul>
        ${links.join('\n        ')}
        <li><a href="${description}">${description}</a></li>
      </ul>
    </nav>
    <noscript><p>This page needs JavaScript. The description itself is at ${description}.</p></noscript>
    <redoc spec-url="${description}" disable-telemetry="true"></redoc>
  </body>
</html>
`
}
