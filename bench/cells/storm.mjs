import { flashline } from '../contenders/contenders.mjs'
import { markdownTable, median, short } from '../support/machine.mjs'
import { redisReads } from '../support/redis-facts.mjs'
import { heading, share, verdicts } from '../support/report.mjs'
import { on, warmUp } from './cell.mjs'

/**
 * All readers lose their connections at the same moment and resume from their positions. ws-loop has no positions, so
 * it shows the cost of the handshakes alone.
 *
 * @param {import('./cell.mjs').Task} task
 */
export async function storm({ environment, quick, competitors }) {
  const count = quick ? 4000 : 15_000
  const missed = 20
  const cases = competitors
    .filter(({ name }) => name === 'flashline' || name === 'ws-loop')
    .map((contender) => ({
      contender,
      missed: contender === flashline ? missed : 0,
      runs: /** @type {Awaited<ReturnType<import('../stage.mjs').Stage['storm']>>[]} */ ([]),
    }))
  const rounds = quick ? 1 : 2
  const storms = quick ? 2 : 4
  for (let round = 0; round < rounds; round++)
    for (const { contender, missed, runs } of cases)
      await on(contender, environment, async (stage) => {
        await stage.connect({ count })
        await stage.publish(warmUp)
        for (let storm = 0; storm < storms; storm++)
          runs.push(await stage.storm({ missed, reads: () => redisReads(environment.redisUrl) }))
      })
  heading(
    'Resume storm',
    `${count.toLocaleString('en')} readers are cut at once, miss ${missed} events and resume, ${storms} times with each of ${rounds} process(es); readers of ws-loop only connect again. When the core of the readers is busy and that of the server is not, the readers are the limit.`,
  )
  console.log(
    markdownTable(
      [
        'contender',
        'until all are whole, s',
        'server CPU s',
        'per s',
        'per s of CPU',
        'events lost',
        'resets',
        'Redis reads per reader',
        'server CPU',
        'readers’ core busy',
        'other work',
      ],
      cases.flatMap(({ contender, runs }) =>
        runs.map((run) => [
          contender.name,
          short(run.wallMs / 1000),
          short(run.serverCpuMs / 1000),
          short(count / (run.wallMs / 1000)),
          short(count / (run.serverCpuMs / 1000)),
          String(run.lost),
          String(run.resets),
          short(run.reads / count),
          share(run.serverShare),
          share(run.readerCoreShare),
          share(run.othersShare),
        ]),
      ),
    ),
  )
  const ours = cases.find(({ contender }) => contender === flashline)?.runs ?? []
  const bare = cases.find(({ contender }) => contender !== flashline)?.runs ?? []
  const perSecond = (/** @type {typeof ours} */ runs) =>
    median(runs.map(({ wallMs }) => count / (wallMs / 1000)))
  const perCpu = (/** @type {typeof ours} */ runs) =>
    median(runs.map(({ serverCpuMs }) => count / (serverCpuMs / 1000)))
  if (ours.length === 0) return
  verdicts([
    ['resumes a second', perSecond(ours), '≥', 10_000],
    ['resumes per second of CPU', perCpu(ours), '≥', 10_000],
    ['events lost', ours.reduce((sum, { lost }) => sum + Math.abs(lost), 0), '≤', 0],
    ['Redis reads per reader', Math.max(...ours.map(({ reads }) => reads / count)), '≤', 0.01],
  ])
  if (bare.length > 0)
    console.log(
      `- resumes per second of CPU, divided by the handshakes of ws-loop: ${short(perCpu(ours) / perCpu(bare))}`,
    )
}
