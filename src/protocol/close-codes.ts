/** Codes with which the gateway closes a WebSocket (RFC 6455, section 7.4; 4000 to 4999 belong to this protocol). */
export const closeCodes = {
  1001: {
    name: 'draining',
    reader: 'Reconnect after the `retryAfterMs` of the `bye` frame, with your position.',
  },
  1002: {
    name: 'protocol-error',
    reader:
      'The frame broke RFC 6455 (unmasked, reserved bits, bad opcode). Once: a proxy on the way was reloaded; reconnect with your position and backoff. Each time: do not retry unchanged.',
  },
  1007: { name: 'not-utf8', reader: 'A text message or close reason was not UTF-8. Do not retry unchanged.' },
  1009: {
    name: 'too-big',
    reader: 'A message was over 1 KB, or in more than 8 pieces. Do not retry unchanged.',
  },
  4400: {
    name: 'unexpected-message',
    reader: 'A message that is no acknowledgement, or one that was not announced. Do not retry unchanged.',
  },
  4401: {
    name: 'revoked',
    reader:
      "The partner's key has ended, or does not open this feed any more. Reconnect with your position once you have another key or token.",
  },
  4408: { name: 'slow', reader: 'Nothing could be written for too long. Reconnect with your position.' },
  4410: { name: 'idle', reader: 'No pong came back. Reconnect with your position.' },
  4429: { name: 'flooding', reader: 'Too many pings, pongs or acknowledgements. Wait before reconnecting.' },
} as const

export type CloseCode = keyof typeof closeCodes
