import { pino, type Logger as PinoLogger } from 'pino'

export type Logger = PinoLogger

/** Writes JSON lines to standard output. Fields that may hold a secret or the text of a headline are replaced. */
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
