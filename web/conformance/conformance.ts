/** The page of a conformance run: it starts one, and shows how the client copes, step by step. */

interface Step {
  readonly id: string
  readonly title: string
  readonly expected: string
  readonly rule: string
  readonly verdict: 'passed' | 'failed' | 'not-seen' | 'running' | 'waiting'
  readonly detail?: string
}

interface RunState {
  readonly run: string
  readonly feed: string
  readonly key?: string
  readonly byHand: boolean
  readonly connected: boolean
  readonly ended: boolean
  readonly steps: readonly Step[]
  readonly shows?: readonly string[]
  readonly hides?: number
}

const LOOK_EVERY_MS = 500
const verdicts = {
  passed: 'Passed',
  failed: 'Failed',
  'not-seen': 'Not seen',
  running: 'Running',
  waiting: '–',
} as const

let state: RunState | undefined
let shown = ''

element('start', HTMLFormElement).addEventListener('submit', (event) => {
  event.preventDefault()
  void start()
})
element('shown', HTMLButtonElement).addEventListener('click', () => void answer(true))
element('not-shown', HTMLButtonElement).addEventListener('click', () => void answer(false))
if (location.hash.length > 1) void follow(location.hash.slice(1))

async function start(): Promise<void> {
  const withKey = element('with-key', HTMLInputElement).checked
  const byHand = element('by-hand', HTMLInputElement).checked
  const answer = await post('/conformance', { withKey, byHand })
  if (!answer.ok) {
    tell(`No run could be started (${answer.status}). Try again later.`)
    return
  }
  const { run } = (await answer.json()) as RunState
  location.hash = run
  void follow(run)
}

async function follow(run: string): Promise<void> {
  while (location.hash === `#${run}`) {
    const answer = await fetch(`/conformance/${run}`).catch(() => undefined)
    if (answer?.status === 404) {
      tell('There is no such run any more. Start another one.')
      return
    }
    if (answer?.ok) show((await answer.json()) as RunState)
    await new Promise((wake) => setTimeout(wake, LOOK_EVERY_MS))
  }
}

async function answer(isShown: boolean): Promise<void> {
  const step = state?.steps.find(({ verdict }) => verdict === 'running')
  if (state && step) await post(`/conformance/${state.run}/answers`, { step: step.id, isShown })
}

function show(next: RunState): void {
  state = next
  // A table that does not change keeps the place of a person who reads it.
  const text = JSON.stringify(next)
  if (text === shown) return
  shown = text
  const { run, feed, key, byHand, steps } = next
  const address = `${location.origin}/conformance/${run}`
  element('run', HTMLElement).hidden = false
  write('address', address)
  write('feed', feed)
  write('key', key ?? '')
  write('report', `POST ${address}/strip\n{"lines":[{"id":"…","text":"…"}]}`)
  for (const each of document.querySelectorAll<HTMLElement>('.of-key')) each.hidden = key === undefined
  for (const each of document.querySelectorAll<HTMLElement>('.of-report')) each.hidden = byHand
  element('steps', HTMLElement).replaceChildren(...steps.map(row))
  ask(next)
  tell(summaryOf(next))
}

function ask({ byHand, shows = [], hides = 0 }: RunState): void {
  element('question', HTMLElement).hidden = !byHand || shows.length + hides === 0
  element('wanted', HTMLElement).replaceChildren(
    ...shows.map((text) => {
      const item = document.createElement('li')
      item.textContent = text
      return item
    }),
  )
  write('hidden-lines', hides > 0 ? 'A line of this step must be gone.' : '')
}

function row({ title, expected, rule, verdict, detail = '' }: Step): HTMLElement {
  const line = document.createElement('tr')
  line.dataset.verdict = verdict
  const name = document.createElement('th')
  name.scope = 'row'
  name.textContent = title
  const wanted = document.createElement('td')
  const link = document.createElement('a')
  // A browser that knows text fragments scrolls to the heading.
  link.href = `/conformance/protocol.txt#:~:text=${encodeURIComponent(`# ${rule}`)}`
  link.textContent = `PROTOCOL.md, “${rule}”`
  wanted.append(`${expected} `, link)
  const result = document.createElement('td')
  const word = document.createElement('strong')
  word.textContent = verdicts[verdict]
  result.append(word, ` ${detail}`)
  line.append(name, wanted, result)
  return line
}

function summaryOf({ connected, ended, steps }: RunState): string {
  const count = (wanted: Step['verdict']) => steps.filter(({ verdict }) => verdict === wanted).length
  const counts = `${count('passed')} passed, ${count('failed')} failed, ${count('not-seen')} not seen.`
  if (ended) return `The run is over: ${counts}`
  return connected ? counts : `Waiting for the client. ${counts}`
}

function tell(text: string): void {
  element('run', HTMLElement).hidden = false
  if (element('summary', HTMLElement).textContent !== text) write('summary', text)
}

function post(path: string, body: object): Promise<Response> {
  return fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
}

function write(id: string, text: string): void {
  element(id, HTMLElement).textContent = text
}

function element<T extends HTMLElement>(id: string, kind: new () => T): T {
  const found = document.getElementById(id)
  if (!(found instanceof kind)) throw new Error(`the page has no ${id}`)
  return found
}
