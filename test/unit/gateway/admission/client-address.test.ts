import { describe, expect, it } from '@jest/globals'
import type { IncomingMessage } from 'node:http'
import { clientAddress } from '../../../../src/gateway/admission/client-address.ts'

function address(trustedProxies: number, peer: string, forwarded?: string): string {
  const request = {
    socket: { remoteAddress: peer },
    headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded },
  }
  return clientAddress(request as unknown as IncomingMessage, trustedProxies)
}

describe('the address that a limit counts', () => {
  it.each([
    ['the peer, if no proxy is trusted', 0, '192.0.2.1', '203.0.113.9', '192.0.2.1'],
    ['the one that the only proxy saw', 1, '10.0.0.1', '203.0.113.9', '203.0.113.9'],
    [
      'whom the one proxy saw, whatever was claimed before',
      1,
      '10.0.0.1',
      '1.1.1.1, 203.0.113.9',
      '203.0.113.9',
    ],
    [
      'the one that the outer of two proxies saw',
      2,
      '10.0.0.1',
      '1.1.1.1, 203.0.113.9, 10.0.0.2',
      '203.0.113.9',
    ],
    ['the peer, if the header is missing', 1, '10.0.0.1', undefined, '10.0.0.1'],
    ['the peer, if the proxy writes "unknown"', 1, '10.0.0.1', '1.1.1.1, unknown', '10.0.0.1'],
    ['the peer, if the proxy writes an empty entry', 1, '10.0.0.1', '1.1.1.1,', '10.0.0.1'],
    ['an address without its port', 1, '10.0.0.1', '1.1.1.1, 203.0.113.9:4711', '203.0.113.9'],
    ['a bracketed address without its port', 1, '10.0.0.1', '[2001:db8:1:2::9]:4711', '2001:db8:1:2'],
    ['IPv4 for IPv4-mapped IPv6', 0, '::ffff:192.0.2.1', undefined, '192.0.2.1'],
    ['one for a whole /64', 0, '2001:db8:1:2:3:4:5:6', undefined, '2001:db8:1:2'],
    ['the same for a shortened /64', 0, '2001:db8:1:2::6', undefined, '2001:db8:1:2'],
    ['a short address', 0, '2001:db8::1', undefined, '2001:db8:0:0'],
    ['this computer', 0, '::1', undefined, '0:0:0:0'],
  ])('is %s', (_what, trusted, peer, forwarded, counted) => {
    expect(address(trusted, peer, forwarded)).toBe(counted)
  })
})
