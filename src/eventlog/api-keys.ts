import { z } from 'zod'
import type { EventLog } from './log.ts'
import { answered } from './scripts.ts'

export const roles = ['reader', 'editor', 'admin'] as const
export type Role = (typeof roles)[number]

/** An API key as it lies in Redis: its secret only as a SHA-256 hash. */
const recordSchema = z.object({
  id: z.string(),
  name: z.string(),
  role: z.enum(roles),
  secretHash: z.string(),
  createdAt: z.string(),
})
export type ApiKeyRecord = z.output<typeof recordSchema>

export async function writeApiKey(log: EventLog, record: ApiKeyRecord): Promise<void> {
  await answered(log.redis.hset(log.keys.apiKeys, record.id, JSON.stringify(record)))
}

export async function readApiKey(log: EventLog, id: string): Promise<ApiKeyRecord | undefined> {
  const raw = await answered(log.redis.hget(log.keys.apiKeys, id))
  return raw === null ? undefined : recordSchema.parse(JSON.parse(raw))
}

/** By creation, oldest first. */
export async function listApiKeys(log: EventLog): Promise<ApiKeyRecord[]> {
  const all = await answered(log.redis.hvals(log.keys.apiKeys))
  return all
    .map((raw) => recordSchema.parse(JSON.parse(raw)))
    .sort((a, b) => a.createdAt.localeCompare(b.createdAt))
}

/** `last-admin`: nobody could make a key after it, so it stays. */
export async function deleteApiKey(log: EventLog, id: string): Promise<'deleted' | 'unknown' | 'last-admin'> {
  const outcome = await log.scripts['delete-api-key']([log.keys.apiKeys], [id])
  return outcome as 'deleted' | 'unknown' | 'last-admin'
}
