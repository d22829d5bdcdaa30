import { Button, Checkbox, NativeSelect, TextInput } from '@mantine/core'
import { useState, type KeyboardEvent } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import { urgencies } from '../../../src/protocol/lists/urgencies.ts'
import type { FeedTitle } from '../../sdk/types.ts'
import { fieldFault } from '../composer/field-fault.ts'
import { mayPublish } from '../composer/may-publish.ts'
import { ReleasePart } from '../composer/release-part.tsx'
import { useScratch } from '../composer/use-scratch.ts'
import { instantOf } from '../composer/zoned-time.ts'
import type { ApiClient, Session } from '../platform/api-client.ts'
import { Fault } from '../platform/fault.tsx'
import { AllLinesQuestion } from './all-lines-question.tsx'
import { useEdition, usePolicies } from './use-edition.ts'
import { useWish, type Then } from './use-wish.ts'
import { isUnwritten, urgencyOf, wishFrom } from './wish.ts'
import { WishCells } from './wish-cells.tsx'
import { WishOffer } from './wish-offer.tsx'

const USUAL_MOST = 280
/** A person with many feeds chooses among them; the first ones are a beginning. */
const MOST_AT_FIRST = 3

export interface WishFormProps {
  readonly api: ApiClient
  readonly session: Session
  /** The feeds that the person may write for, at least one. */
  readonly feeds: readonly FeedTitle[]
}

/** Writes one piece of news for several feeds, and sends all parts with one key. */
export function WishForm({ api, session, feeds }: WishFormProps) {
  const intl = useIntl()
  const name = `edition:${session.person}`
  const used = useWish(api, { name, feeds: feeds.slice(0, MOST_AT_FIRST).map(({ id }) => id) }, (edition) => {
    location.hash = `#/editions/${edition}`
  })
  const { wish, refusal, isSending, change, replace, send } = used
  const chosen = feeds.filter(({ id }) => wish.feeds.includes(id))
  const policies = usePolicies(
    api,
    chosen.map(({ id }) => id),
  )
  const { data: edition } = useEdition(api, wish.edition)
  const offer = useScratch(api, {
    // The words for all feeds lie with those of the person's first feed.
    feed: feeds[0]?.id ?? '',
    subject: 'edition',
    name,
    now: used.unsent,
    read: wishFrom,
    onTake: replace,
  })
  const [asks, setAsks] = useState(false)
  const [hasWished, setHasWished] = useState(false)
  const releaseAt = instantOf(wish.releaseAt)
  const isUnsure = wish.releaseAt !== undefined && releaseAt === undefined

  const then = Object.fromEntries(
    chosen.map(({ id }, index): [string, Then] => [
      id,
      mayPublish(session, id, policies[index], wish.urgency) ? 'release' : 'submit',
    ]),
  )
  const open = chosen.filter(({ id }) => wish.edition === undefined || id in wish.refused)
  const goesOut = wish.urgency === 'flash' && open.some(({ id }) => then[id] === 'release')

  function ask(): void {
    setHasWished(true)
    const empty = open.find(({ id }) => (wish.texts[id] ?? '').trim() === '')
    if (empty) document.querySelector<HTMLElement>(`[data-text="${empty.id}"]`)?.focus()
    else if (isUnsure) document.querySelector<HTMLElement>('[data-field="releaseAt"]')?.focus()
    else if (goesOut) setAsks(true)
    else if (open.length > 0) send(then)
  }

  function onKeyDown(event: KeyboardEvent): void {
    if ((event.ctrlKey || event.metaKey) && event.key === 'Enter') {
      event.preventDefault()
      ask()
    }
  }

  function choose(feed: string, isWanted: boolean): void {
    const others = wish.feeds.filter((id) => id !== feed)
    change({ feeds: isWanted ? [...others, feed] : others })
  }

  return (
    <form
      className="stack"
      aria-label={intl.formatMessage({ id: 'edition.title' })}
      onKeyDown={onKeyDown}
      onSubmit={(event) => {
        event.preventDefault()
        ask()
      }}
    >
      {offer && <WishOffer feeds={feeds} offer={offer} replaces={!isUnwritten(wish)} />}
      <fieldset className="edition-feeds" disabled={isSending || wish.edition !== undefined}>
        <legend>
          <FormattedMessage id="edition.feeds" />
        </legend>
        {feeds.map(({ id, title }) => (
          <Checkbox
            key={id}
            label={<bdi>{title}</bdi>}
            checked={wish.feeds.includes(id)}
            onChange={(event) => choose(id, event.currentTarget.checked)}
          />
        ))}
      </fieldset>
      <WishCells
        feeds={chosen}
        edition={edition}
        used={used}
        mostOf={(index) => policies[index]?.maxGraphemes ?? USUAL_MOST}
        onForce={(feed) => send(then, feed)}
      />
      <div className="composer-row">
        <NativeSelect
          label={<FormattedMessage id="composer.urgency" />}
          value={wish.urgency}
          disabled={isSending}
          data={urgencies.map((value) => ({ value, label: intl.formatMessage({ id: `urgency.${value}` }) }))}
          onChange={({ currentTarget: { value } }) => change({ urgency: urgencyOf(value) })}
        />
        <TextInput
          label={<FormattedMessage id="composer.story" />}
          value={wish.story}
          error={fieldFault(intl, refusal, 'story')}
          readOnly={isSending}
          onChange={({ currentTarget: { value } }) => change({ story: value })}
        />
        <ReleasePart
          draft={wish}
          line={undefined}
          refusal={refusal}
          isSending={isSending}
          isAsked={hasWished && isUnsure}
          onChange={change}
        />
        <Button
          type="submit"
          loading={isSending}
          disabled={open.length === 0}
          color={wish.urgency === 'flash' ? 'red' : 'blue'}
        >
          <FormattedMessage id={wish.edition === undefined ? 'edition.send' : 'edition.sendRefused'} />
        </Button>
        {wish.edition !== undefined && (
          <a href={`#/editions/${wish.edition}`}>
            <FormattedMessage id="edition.open" />
          </a>
        )}
      </div>
      {refusal && Object.keys(wish.refused).length === 0 && <Fault refusal={refusal} />}
      <AllLinesQuestion
        isOpen={asks}
        title="flash.title"
        confirm="flash.send"
        releaseAt={releaseAt}
        lines={open.map((feed) => ({ feed, text: wish.texts[feed.id] ?? '' }))}
        onConfirm={() => send(then)}
        onClose={() => setAsks(false)}
      />
    </form>
  )
}
