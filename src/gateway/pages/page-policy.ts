import type { RequestHandler } from 'express'
import helmet from 'helmet'

export interface PagePolicy {
  /** Sources that may show the page in a frame; default nobody. */
  readonly frameAncestors?: readonly string[]
  /** The page shows other pages of this server in frames. */
  readonly hasFrames?: boolean
  /** Pages of other sites may load it, as far as its origin check lets them. */
  readonly isRead?: boolean
}

/** The headers of a page of ours: its own files, nothing inline, nothing from elsewhere. */
export function pagePolicy({
  frameAncestors,
  hasFrames = false,
  isRead = false,
}: PagePolicy = {}): RequestHandler {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        connectSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        ...(hasFrames && { frameSrc: ["'self'"] }),
        baseUri: ["'none'"],
        formAction: ["'none'"],
        frameAncestors: frameAncestors ?? ["'none'"],
      },
    },
    // It knows one origin only; frame-ancestors says the same for all of them.
    ...(frameAncestors && { xFrameOptions: false }),
    ...((frameAncestors ?? isRead) && { crossOriginResourcePolicy: { policy: 'cross-origin' } }),
  })
}
