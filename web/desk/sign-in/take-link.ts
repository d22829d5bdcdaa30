const kinds = {
  'sign-in': /^#sign-in=(in_[A-Za-z0-9_-]+)$/,
  recovery: /^#recovery=(rec_[A-Za-z0-9_-]+)$/,
  invitation: /^#invitation=(inv_[A-Za-z0-9_-]+)$/,
} as const

/** A link that opens the desk with a token in its fragment. */
export interface Link {
  readonly kind: keyof typeof kinds
  readonly token: string
}

/** Takes the token of a link out of the address. A fragment is never sent to a server. */
export function takeLink(): Link | undefined {
  for (const kind of Object.keys(kinds) as Link['kind'][]) {
    const [, token] = kinds[kind].exec(location.hash) ?? []
    if (token === undefined) continue
    history.replaceState(null, '', location.pathname)
    return { kind, token }
  }
  return undefined
}
