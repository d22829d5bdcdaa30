import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Webhook } from 'standardwebhooks'
import { signedHeaders } from '../../src/webhooks/sign-message.ts'
import { eventually } from '../support/eventually.ts'
import {
  findGuideInterpreters,
  GuideExample,
  guideLanguages,
  readGuide,
  type GuideLanguage,
} from '../support/guide-examples.ts'
import { bearer, partnersOn } from '../support/partners.ts'
import { startSystem, type System } from '../support/system.ts'
import { TcpProxy } from '../support/tcp-proxy.ts'

const guide = await readGuide()
const interpreters = await findGuideInterpreters()

/** Every example of docs/partner-guide.md, as it stands there, against the service. */
describe.each(guideLanguages)('the guide for partners, in %s', (language) => {
  let system: System
  let proxy: TcpProxy
  let environment: Record<string, string>
  let example: GuideExample | undefined
  const run = interpreters[language] ? it : it.skip

  beforeAll(async () => {
    system = await startSystem()
    proxy = await TcpProxy.start(system.port)
    await system.createFeed({ id: 'wire', lang: 'en', visibility: 'partners' })
    const { key } = await partnersOn(system).make(['wire'])
    environment = { FLASHLINE_URL: proxy.url, FLASHLINE_FEED: 'wire', FLASHLINE_KEY: key }
    await eventually('the key opens the feed', 20_000, async () => {
      return (await system.snapshot('wire', bearer(key))).status === 200
    })
  })
  afterEach(async () => {
    await example?.end()
    example = undefined
  })
  afterAll(async () => {
    proxy.close()
    await system.close()
  })

  async function take(heading: string): Promise<GuideExample> {
    example = await write(language, heading)
    return example
  }

  run('reads the headlines', async () => {
    const text = unique('Bridge closed')
    const [event] = await system.publish('wire', [text])

    const output = await (await take('Read the headlines')).run(environment)

    expect(output).toContain(text)
    expect(output).toContain(event!.position)
  })

  run('follows the feed, and comes back after a cut at its place', async () => {
    const [before, live, missed] = [unique('Before'), unique('Live'), unique('Missed')]
    await system.publish('wire', [before])
    const reader = await take('Follow the feed')
    reader.start(environment)
    await reader.printed(before)
    const [published] = await system.publish('wire', [live])
    await reader.printed(live)

    proxy.isDown = true
    proxy.cut()
    await system.publish('wire', [missed])
    await system.withdraw('wire', published!.headline)
    proxy.isDown = false

    await reader.printed(missed)
    await reader.printed('withdraw')
    // It had its place: the strip did not come again.
    expect(reader.output.split(before)).toHaveLength(2)
    expect(reader.output.split(live)).toHaveLength(2)
  })

  run('fetches a document again only when it has changed', async () => {
    await system.publish('wire', [unique('First')])
    const fetching = await take('Fetch a document again')
    expect(await fetching.run(environment)).toBe('200')
    expect(await fetching.run(environment)).toBe('304')

    const text = unique('Second')
    await system.publish('wire', [text])

    expect(await fetching.run(environment)).toBe('200')
    expect(await readFile(join(fetching.folder, 'feed.json'), 'utf8')).toContain(text)
    expect(await fetching.run(environment)).toBe('304')
  })

  run('makes a token with which a page reads', async () => {
    const token = await (await take('Make a token for a page')).run(environment)

    expect(token).toMatch(/^eyJ[\w-]+\.[\w-]+\.[\w-]+$/)
    expect((await system.snapshot('wire', bearer(token))).status).toBe(200)
    expect((await system.snapshot('wire', bearer(`${token}x`))).status).toBe(401)
  })

  run('checks the signature of a webhook', async () => {
    const checking = await take('Check a webhook')
    const secret = newSecret()
    const genuine = delivery(secret)
    const cases = [
      { sent: genuine, is: true },
      { sent: { ...genuine, signature: `v1a,AAAA ${genuine.signature}` }, is: true },
      { sent: deliveryOfFlashline(secret), is: true },
      { sent: { ...genuine, body: genuine.body.replace('Bridge', 'Tunnel') }, is: false },
      { sent: { ...genuine, id: 'msg_other' }, is: false },
      { sent: delivery(newSecret()), is: false },
      { sent: { ...genuine, signature: '' }, is: false },
    ]
    // The example by hand asks for no clock.
    const late = { sent: delivery(secret, Date.now() - 600_000), is: false }

    const url = language === 'sh' ? undefined : await checking.serve({ WEBHOOK_SECRET: secret })
    for (const { sent, is } of url === undefined ? cases : [...cases, late]) {
      const answer =
        url === undefined ? await checkByHand(checking, secret, sent) : (await deliver(url, sent)) === 204
      expect([sent, answer]).toEqual([sent, is])
    }
  })
})

interface Delivery {
  readonly id: string
  readonly timestamp: string
  readonly signature: string
  readonly body: string
}

function delivery(secret: string, atMs = Date.now()): Delivery {
  const id = `msg_${randomBytes(8).toString('hex')}`
  const body = JSON.stringify({ type: 'headline.published', data: { text: 'Bridge closed – “for now”' } })
  const at = new Date(atMs)
  const signature = new Webhook(secret).sign(id, at, body)
  return { id, timestamp: String(Math.floor(at.getTime() / 1_000)), signature, body }
}

/** As the workers sign it, during the overlap of two secrets. */
function deliveryOfFlashline(secret: string): Delivery {
  const { id, body } = delivery(secret)
  const keys = [newSecret(), secret].map((each) => {
    const { x = '', d = '' } = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' })
    return { secret: each, x, d }
  })
  const headers = signedHeaders(keys, id, body, Date.now())
  return {
    id,
    timestamp: headers['webhook-timestamp'] ?? '',
    signature: headers['webhook-signature'] ?? '',
    body,
  }
}

function newSecret(): string {
  return `whsec_${randomBytes(24).toString('base64')}`
}

async function deliver(url: string, { id, timestamp, signature, body }: Delivery): Promise<number> {
  const headers = {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': signature,
  }
  return (await fetch(url, { method: 'POST', headers, body })).status
}

async function checkByHand(
  example: GuideExample,
  secret: string,
  { id, timestamp, signature, body }: Delivery,
): Promise<boolean> {
  await example.file('body.json', body)
  const output = await example.run({
    WEBHOOK_SECRET: secret,
    WEBHOOK_ID: id,
    WEBHOOK_TIMESTAMP: timestamp,
    WEBHOOK_SIGNATURE: signature,
  })
  expect(output).toMatch(/^(genuine|refused)$/)
  return output === 'genuine'
}

function write(language: GuideLanguage, heading: string): Promise<GuideExample> {
  const interpreter = interpreters[language]
  if (!interpreter) throw new Error(`this computer has no ${language}`)
  return GuideExample.write(language, interpreter, guide(heading, language))
}

function unique(text: string): string {
  return `${text} ${randomBytes(4).toString('hex')}`
}
