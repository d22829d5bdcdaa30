import { pino, type Logger as PinoLogger } from 'pino'

export type Logger = PinoLogger

/** JSON lines on standard output. What could carry a secret or a line's text is cut wherever it is logged. */
export function createLogger(level: string, role: string): Logger {
  return pino({
    level,
    base: { role, pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: {
      paths: ['req.headers.authorization', '*.authorization', '*.secret', '*.text', '*.headline', '*.body'],
      censor: '[cut]',
    },
  })
}
