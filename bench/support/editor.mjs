import { randomUUID } from 'node:crypto'
import { Agent, request } from 'node:http'

/** An editor: one connection, one request after the other. */
export class Editor {
  #agent = new Agent({ keepAlive: true, maxSockets: 1 })

  /**
   * @param {string} url of the service
   * @param {string} key
   */
  constructor(url, key) {
    this.url = url
    this.key = key
  }

  /**
   * @param {'GET' | 'POST'} method
   * @param {string} path
   * @param {{ body?: object, version?: number }} [options] version: for If-Match
   * @returns {Promise<{ ms: number, body: any }>} Errors: when the status is not 2xx
   */
  async ask(method, path, { body, version } = {}) {
    const begun = performance.now()
    const { status, text } = await this.#send(method, path, body, version)
    const ms = performance.now() - begun
    if (status < 200 || status > 299)
      throw new Error(`${method} ${path} was answered with ${status}: ${text}`)
    return { ms, body: JSON.parse(text) }
  }

  close() {
    this.#agent.destroy()
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {object | undefined} body
   * @param {number | undefined} version
   * @returns {Promise<{ status: number, text: string }>}
   */
  #send(method, path, body, version) {
    const json = body && JSON.stringify(body)
    const headers = {
      authorization: `Bearer ${this.key}`,
      'idempotency-key': randomUUID(),
      ...(version !== undefined && { 'if-match': `"${version}"` }),
      ...(json && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(json) }),
    }
    return new Promise((resolve, reject) => {
      const call = request(this.url + path, { method, agent: this.#agent, headers }, (response) => {
        let text = ''
        response.setEncoding('utf8').on('data', (part) => (text += part))
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text }))
        response.on('error', reject)
      })
      call.on('error', reject)
      call.end(json)
    })
  }
}
