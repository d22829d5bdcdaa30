const FRAGMENT = /^#sign-in=(in_[A-Za-z0-9_-]+)$/

/** Takes the token of the first sign-in out of the address. A fragment is never sent to a server. */
export function takeSignInToken(): string | undefined {
  const [, token] = FRAGMENT.exec(location.hash) ?? []
  if (token !== undefined) history.replaceState(null, '', location.pathname)
  return token
}
