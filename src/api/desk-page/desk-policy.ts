import type { RequestHandler, Response } from 'express'
import { secureHeaders } from '../../platform/secure-headers.ts'

/**
 * Security headers of the desk: only files of this server, and only the inline styles that carry the nonce of the answer.
 * No page may show the desk in a frame, where a click could be stolen.
 */
export function deskPolicy(): RequestHandler {
  return secureHeaders({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: [
          "'self'",
          (_request, response) => `'nonce-${String((response as Response).locals.nonce)}'`,
        ],
        connectSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        baseUri: ["'none'"],
        formAction: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
  })
}
