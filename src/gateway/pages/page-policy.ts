import type { RequestHandler } from 'express'
import { secureHeaders } from '../../platform/secure-headers.ts'

export interface PagePolicy {
  /** Origins whose pages may show this page in a frame; none by default. */
  readonly frameAncestors?: readonly string[]
  /** Whether the page shows other pages of this server in frames. */
  readonly hasFrames?: boolean
  /** Whether the page may load typefaces of this server; frames may by default. */
  readonly hasFonts?: boolean
  /** Whether pages of other sites may load the file; an origin check may limit them. */
  readonly isCrossOrigin?: boolean
}

/** Security headers of the server's pages: only files of this server, no inline code, no files of other sites. */
export function pagePolicy({
  frameAncestors,
  hasFrames = false,
  hasFonts = frameAncestors !== undefined,
  isCrossOrigin = false,
}: PagePolicy = {}): RequestHandler {
  return secureHeaders({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        connectSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        ...(hasFonts && { fontSrc: ["'self'"] }),
        ...(hasFrames && { frameSrc: ["'self'"] }),
        baseUri: ["'none'"],
        formAction: ["'none'"],
        frameAncestors: frameAncestors ?? ["'none'"],
      },
    },
    // X-Frame-Options cannot name several origins; frame-ancestors does.
    ...(frameAncestors && { xFrameOptions: false }),
    ...((frameAncestors ?? isCrossOrigin) && { crossOriginResourcePolicy: { policy: 'cross-origin' } }),
  })
}
