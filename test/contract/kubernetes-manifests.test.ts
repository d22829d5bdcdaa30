import { describe, expect, it } from '@jest/globals'
import { readFile } from 'node:fs/promises'
import { settings } from '../../src/platform/config.ts'
import { healthOperations } from '../../src/protocol/service-routes.ts'
import { existingMetricNames } from '../support/metric-names.ts'
import { findWrongFields, kubernetesManifests, validateBySchema } from '../support/kubernetes-manifests.ts'

interface Probe {
  readonly httpGet: { readonly path: string; readonly port: string }
}
interface Container {
  readonly image: string
  readonly args: readonly string[]
  readonly ports: readonly { readonly name: string; readonly containerPort: number }[]
  readonly env: readonly {
    readonly name: string
    readonly valueFrom: { readonly secretKeyRef: { readonly name: string; readonly key: string } }
  }[]
  readonly lifecycle: { readonly preStop: { readonly exec: { readonly command: readonly string[] } } }
  readonly livenessProbe: Probe
  readonly startupProbe: Probe
  readonly readinessProbe: Probe
  readonly securityContext: object
}
interface Pod {
  readonly terminationGracePeriodSeconds: number
  readonly securityContext: object
  readonly containers: readonly [Container]
}
interface Spec {
  readonly replicas?: number
  readonly selector: { readonly matchLabels: object }
  readonly template: { readonly metadata: { readonly labels: object }; readonly spec: Pod }
}

const read = (path: string) => readFile(new URL(`../../${path}`, import.meta.url), 'utf8')
const manifests = await kubernetesManifests()
const dockerfile = await read('Dockerfile')
const ofKind = (kind: string) => manifests.filter((each) => each.kind === kind)
const { data } = ofKind('ConfigMap')[0] as unknown as { data: Record<string, string> }
const roles = ['api', 'gateway', 'worker']
const deployments = roles.map((role) => {
  const deployment = ofKind('Deployment').find(({ metadata }) => metadata.name === `flashline-${role}`)
  return { role, spec: deployment?.spec as Spec }
})

it.each(manifests.map((manifest) => ({ kind: manifest.kind, name: manifest.metadata.name, manifest })))(
  '$kind $name fits the schema of Kubernetes or of the Gateway API',
  ({ manifest }) => validateBySchema(manifest),
)

it('no manifest has a field that its kind does not have', () => {
  const [route] = ofKind('HTTPRoute')
  const wrong = {
    ...route!,
    spec: { rules: [{ timeout: { request: '0s' } }] },
  }
  // The wrong one shows that the compiler sees fields far inside.
  expect(findWrongFields([...manifests, wrong])).toEqual([expect.stringContaining('"timeout"')])
})

it('the settings exist, and have values that Flashline takes', () => {
  for (const [name, value] of Object.entries(data)) {
    const setting = settings[name as keyof typeof settings]
    expect([name, setting.safeParse(value).error]).toEqual([name, undefined])
  }
})

describe.each(deployments)('$role', ({ role, spec }) => {
  const pod = spec.template.spec
  const [container] = pod.containers

  it('takes its secrets by the names of settings that exist, its own ones and those of no other role', () => {
    for (const { name, valueFrom } of container.env) {
      expect(Object.keys(settings)).toContain(name)
      expect(valueFrom.secretKeyRef.key).toBe(name)
      expect(['flashline-metrics', `flashline-${role}`]).toContain(valueFrom.secretKeyRef.name)
    }
    expect(container.env.map(({ name }) => name)).toContain(`REDIS_URL_${role.toUpperCase()}`)
  })

  it('starts the image as its role, on the port of the image', () => {
    expect(dockerfile).toContain('ENTRYPOINT ["node"')
    expect(container.args).toEqual([role])
    const [, port = ''] = /^EXPOSE (\d+)$/m.exec(dockerfile) ?? []
    expect(dockerfile).toContain(`HOST=0.0.0.0 PORT=${port}`)
    expect(container.ports).toEqual([{ name: 'http', containerPort: Number(port) }])
  })

  it('is asked for its health by routes that exist', () => {
    const { alive, ready } = healthOperations
    expect(container.livenessProbe.httpGet).toEqual({ path: alive.path, port: 'http' })
    expect(container.startupProbe.httpGet).toEqual({ path: alive.path, port: 'http' })
    expect(container.readinessProbe.httpGet).toEqual({ path: ready.path, port: 'http' })
  })

  it('has 20 seconds more than it needs to send its readers away before it is killed', () => {
    const [command, seconds] = container.lifecycle.preStop.exec.command
    expect(command).toBe('sleep')
    const drain = role === 'gateway' ? Number(data.DRAIN_MS) / 1_000 : 0
    expect(pod.terminationGracePeriodSeconds).toBeGreaterThanOrEqual(Number(seconds) + drain + 20)
  })

  it('runs with the rights of the restricted standard', () => {
    // A user by name, as in the image, is no proof for Kubernetes that the user is not root.
    expect(dockerfile).toMatch(/^USER node$/m)
    expect(pod.securityContext).toMatchObject({
      runAsNonRoot: true,
      runAsUser: 1000,
      seccompProfile: { type: 'RuntimeDefault' },
    })
    expect(container.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    })
  })

  it('is found by its own service and budget', () => {
    const { labels } = spec.template.metadata
    expect(spec.selector.matchLabels).toEqual(labels)
    const named = (kind: string) => ofKind(kind).find(({ metadata }) => metadata.name === `flashline-${role}`)
    expect(named('PodDisruptionBudget')?.spec).toMatchObject({
      selector: { matchLabels: labels },
      maxUnavailable: 1,
    })
    // A worker serves no requests.
    if (role !== 'worker') expect(named('Service')?.spec).toMatchObject({ selector: labels })
  })
})

it('the autoscaler counts readers, by a metric that exists and below the limit of a gateway', () => {
  const { spec } = ofKind('HorizontalPodAutoscaler')[0] as unknown as {
    spec: {
      scaleTargetRef: { name: string }
      metrics: [{ pods: { metric: { name: string }; target: { averageValue: string } } }]
    }
  }
  expect(spec.scaleTargetRef.name).toBe('flashline-gateway')
  const [{ pods }] = spec.metrics
  expect(existingMetricNames()).toContain(pods.metric.name)
  expect(Number(pods.target.averageValue)).toBeLessThan(0.8 * Number(data.MAX_CONNECTIONS))
})
