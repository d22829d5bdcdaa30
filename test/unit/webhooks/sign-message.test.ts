import { describe, expect, it } from '@jest/globals'
import { createPrivateKey, createPublicKey } from 'node:crypto'
import { signedHeaders } from '../../../src/webhooks/sign-message.ts'

/** PKCS #8 of an Ed25519 key (RFC 8410), before its 32 bytes. */
const PKCS8_HEAD = '302e020100300506032b657004220420'

/** A private key as the tests of the Standard Webhooks libraries write it. */
function jwkOf(seed: string): { x: string; d: string } {
  const bytes = Buffer.concat([Buffer.from(PKCS8_HEAD, 'hex'), Buffer.from(seed, 'base64')])
  const key = createPrivateKey({ key: bytes, format: 'der', type: 'pkcs8' })
  const { x = '' } = createPublicKey(key).export({ format: 'jwk' })
  return { x, d: Buffer.from(seed, 'base64').toString('base64url') }
}

describe('the signatures of a message', () => {
  const key = {
    secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
    ...jwkOf('VEVTVFNJR05JTkdLRVlET05PVFVTRVRISVNGT1JBTlk='),
  }
  const [v1, v1a] = [
    'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    'v1a,tQ9V2XOqn7jL/DQenEFpqIugdBVtiMmER5mhSkXBNwM0mkATuDe6KYYUuxqtaiHeYGb7KaaBRdM5WqyeFiL8Ag==',
  ]
  const signed = (keys: Parameters<typeof signedHeaders>[0]) =>
    signedHeaders(keys, 'msg_p5jXN8AQM9LWM0D4loKWxJek', '{"test": 2432232314}', 1_614_265_330_999)

  it('are those of the Standard Webhooks libraries for the same message', () => {
    expect(signed([key])).toEqual({
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': `${v1} ${v1a}`,
    })
  })

  it('are of the old and the new key during a rotation, all v1 before the first v1a', () => {
    const other = { ...key, secret: 'whsec_AAAA' }
    const list = (signed([other, key])['webhook-signature'] ?? '').split(' ')
    expect(list.map((each) => each.split(',')[0])).toEqual(['v1', 'v1', 'v1a', 'v1a'])
    expect(list[1]).toBe(v1)
  })
})
