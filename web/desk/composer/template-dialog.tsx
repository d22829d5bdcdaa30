import { Button, Modal, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { FormattedMessage } from 'react-intl'
import type { ApiClient, Outcome } from '../platform/api-client.ts'
import { Fault } from '../platform/fault.tsx'
import type { Template } from './templates.ts'
import { contentOf, type Words } from './words.ts'

export interface TemplateDialogProps {
  readonly api: ApiClient
  readonly feed: string
  readonly templates: readonly Template[]
  /** The text that becomes a template. */
  readonly words: Words
  readonly onClose: () => void
}

interface TemplateWish {
  readonly method: 'PUT' | 'DELETE'
  readonly id: string
  readonly version: number
  readonly name: string
}

/** Makes a template of the text in the composer, gives one these words, or removes one. */
export function TemplateDialog({ api, feed, templates, words, onClose }: TemplateDialogProps) {
  const queries = useQueryClient()
  const [name, setName] = useState('')
  const { mutate, data, isPending } = useMutation({
    mutationFn: ({ method, id, version, name }: TemplateWish): Promise<Outcome<unknown>> => {
      const { expiresAt: _, ...content } = contentOf(words)
      return api.call(`/v1/feeds/${feed}/templates/${id}`, {
        method,
        headers: { 'If-Match': `"${version}"` },
        ...(method === 'PUT' && { body: { name, ...content } }),
      })
    },
    onSuccess: async (outcome, { method }) => {
      await queries.invalidateQueries({ queryKey: ['templates', feed] })
      if (outcome.kind === 'done' && method === 'PUT') onClose()
    },
  })
  const hasText = words.text.trim() !== ''
  return (
    <Modal opened onClose={onClose} withCloseButton={false} title={<FormattedMessage id="template.manage" />}>
      <div className="stack">
        {hasText && (
          <form
            className="composer-row"
            onSubmit={(event) => {
              event.preventDefault()
              mutate({ method: 'PUT', id: `t-${crypto.randomUUID().slice(0, 13)}`, version: 0, name })
            }}
          >
            <TextInput
              className="composer-reason"
              label={<FormattedMessage id="template.name" />}
              description={<FormattedMessage id="template.hint" values={{ place: '{…}' }} />}
              required
              data-autofocus
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
            />
            <Button type="submit" loading={isPending}>
              <FormattedMessage id="template.make" />
            </Button>
          </form>
        )}
        <ul className="rows">
          {templates.map((template) => (
            <li key={template.id} className="row">
              <strong>
                <bdi>{template.name}</bdi>
              </strong>
              <bdi>{template.text}</bdi>
              <span className="composer-row">
                {hasText && (
                  <Button
                    size="xs"
                    variant="default"
                    disabled={isPending}
                    onClick={() => mutate({ ...template, method: 'PUT' })}
                  >
                    <FormattedMessage id="template.change" />
                  </Button>
                )}
                <Button
                  size="xs"
                  variant="default"
                  disabled={isPending}
                  onClick={() => mutate({ ...template, method: 'DELETE' })}
                >
                  <FormattedMessage id="template.remove" />
                </Button>
              </span>
            </li>
          ))}
        </ul>
        <Fault refusal={data?.kind === 'refused' ? data.refusal : undefined} />
        <Button variant="default" onClick={onClose}>
          <FormattedMessage id="flash.back" />
        </Button>
      </div>
    </Modal>
  )
}
