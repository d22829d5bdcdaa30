import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { CustomFetch } from 'openid-client'
import type { Configuration, Provider } from 'oidc-provider'
import { notTheService } from './contract/other-servers.ts'

const client = { id: 'flashline', secret: 'a secret of the tests, long enough for a client' }
const issuer = 'https://sso.test'
const redirectUrl = 'https://desk.test/v1/sso/callback'

/** A person at the provider. */
interface Claims {
  readonly email?: string
  readonly email_verified?: boolean
  readonly name?: string
}

/** A real OpenID provider on loopback with the name `https://sso.test`. It signs every browser in as `person`. */
export async function startProvider() {
  const person: { claims: Claims; amr: string[] } = { claims: {}, amr: ['pwd'] }
  const configuration: Configuration = {
    clients: [
      {
        client_id: client.id,
        client_secret: client.secret,
        redirect_uris: [redirectUrl],
        grant_types: ['authorization_code'],
        response_types: ['code'],
      },
    ],
    claims: { openid: ['sub', 'amr'], email: ['email', 'email_verified'], profile: ['name'] },
    pkce: { required: () => true },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_context, interaction) => `/interaction/${interaction.uid}` },
    findAccount: (_context, sub) => ({
      accountId: sub,
      claims: () => Promise.resolve({ sub, ...person.claims }),
    }),
    cookies: { keys: ['a key of the tests'] },
  }
  // Imported here, so that a test can suppress the warnings that the package prints when it is loaded.
  const { Provider: OpenIdProvider } = await import('oidc-provider')
  const provider = new OpenIdProvider(issuer, configuration)
  provider.proxy = true
  const callback = provider.callback()
  const server = notTheService(
    createServer((request, response) => {
      if (request.url?.startsWith('/interaction/')) {
        void agree(provider, person.amr, request, response)
        return
      }
      void callback(request, response)
    }),
  ).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  let up = true

  /** Passes a request on like a proxy in front of the provider. */
  const reach = (url: string, init: RequestInit = {}): Promise<Response> => {
    if (!up) return Promise.reject(new TypeError('fetch failed'))
    const { pathname, search, host } = new URL(url)
    const headers = new Headers(init.headers)
    headers.set('x-forwarded-proto', 'https')
    headers.set('x-forwarded-host', host)
    return fetch(`http://127.0.0.1:${port}${pathname}${search}`, { ...init, headers, redirect: 'manual' })
  }

  return {
    person,
    settings: { issuer, clientId: client.id, clientSecret: client.secret, redirectUrl },
    fetch: ((url, { body, ...options }) =>
      reach(url, {
        ...options,
        ...(body !== undefined && { body: body as NonNullable<RequestInit['body']> }),
      })) satisfies CustomFetch,
    goDown: () => (up = false),
    comeBack: () => (up = true),
    /** Follows the redirects like a browser that is sent to `url`; returns the last one, back to Flashline. */
    async visit(url: string): Promise<URL> {
      const cookies = new Map<string, string>()
      let next = new URL(url)
      while (next.origin === issuer) {
        const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
        const response = await reach(next.href, { headers: { cookie } })
        for (const set of response.headers.getSetCookie()) {
          const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? []
          cookies.set(name, value)
        }
        const location = response.headers.get('location')
        if (location === null)
          throw new Error(`${next.pathname}: ${response.status} ${await response.text()}`)
        next = new URL(location, issuer)
      }
      return next
    },
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}

/** Signs in and consents without a form. */
async function agree(
  provider: Provider,
  amr: string[],
  ...[request, response]: Parameters<Provider['interactionDetails']>
): Promise<void> {
  const { prompt, params, session } = await provider.interactionDetails(request, response)
  if (prompt.name === 'login') {
    await provider.interactionFinished(request, response, { login: { accountId: 'person', amr } })
    return
  }
  const grant = new provider.Grant({
    clientId: String(params.client_id),
    ...(session?.accountId !== undefined && { accountId: session.accountId }),
  })
  grant.addOIDCScope('openid email profile')
  await provider.interactionFinished(request, response, { consent: { grantId: await grant.save() } })
}
