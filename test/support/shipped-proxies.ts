import { chmod, cp, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fetchDebianTool, isDebianLike } from '../../scripts/support/debian-package.mjs'

/** What a configuration of a test needs: the ports, and the folders of the test and of the unpacked package. */
export interface Place {
  readonly edge: number
  readonly service: number
  /** Another port than the service's where the roles run apart. */
  readonly gateway: number
  readonly folder: string
  /** Empty for a program that is installed. */
  readonly root: string
}

export interface ShippedProxy {
  readonly name: 'nginx' | 'haproxy' | 'Varnish' | 'Apache' | 'Squid'
  readonly package: string
  readonly binary: string
  /** The project's configuration file. */
  readonly config: string
  /** Its text with the addresses of this test. */
  readonly configure: (shipped: string, place: Place) => string | Promise<string>
  readonly args: (config: string, place: Place) => string[] | Promise<string[]>
}

export const shippedProxies: readonly ShippedProxy[] = [
  {
    name: 'nginx',
    package: 'nginx',
    binary: 'nginx',
    config: 'deploy/nginx.conf',
    configure: (shipped, { edge, service, gateway, folder }) =>
      shipped
        .replaceAll('/tmp/', `${folder}/`)
        .replace('server api:8080;', `server 127.0.0.1:${service};`)
        .replace('server gateway:8080;', `server 127.0.0.1:${gateway};`)
        .replace('listen 8080;', `listen 127.0.0.1:${edge};`)
        .replace('worker_processes auto;', 'worker_processes 1;'),
    args: (config) => ['-c', config, '-e', 'stderr', '-g', 'daemon off;'],
  },
  {
    name: 'haproxy',
    package: 'haproxy',
    binary: 'haproxy',
    config: 'deploy/haproxy.cfg',
    configure: (shipped, { edge, service, gateway }) =>
      shipped
        .replace('server api api:8080', `server api 127.0.0.1:${service}`)
        .replace('server gateway gateway:8080', `server gateway 127.0.0.1:${gateway}`)
        .replace('bind :8080', `bind 127.0.0.1:${edge}`),
    args: (config) => ['-db', '-f', config],
  },
  {
    name: 'Varnish',
    package: 'varnish',
    binary: 'varnishd',
    config: 'deploy/varnish.vcl',
    configure: (shipped, { service }) =>
      shipped.replace('"flashline"', '"127.0.0.1"').replace('"8080"', `"${service}"`),
    args: async (config, { edge, folder }) => [
      '-F',
      ...['-j', 'none', '-T', 'none', '-n', folder, '-s', 'malloc,16m'],
      ...['-a', `127.0.0.1:${edge}`, '-f', config],
      // Varnish compiles its configuration. The package needs gcc for this, which not every computer has.
      ...['-p', `cc_command=exec ${await smallCompiler()} -nostdlib -shared -o %o %s`],
    ],
  },
  {
    name: 'Apache',
    package: 'apache2-bin',
    binary: 'apache2',
    config: 'deploy/apache.conf',
    configure: (shipped, { edge, service, folder, root }) =>
      [
        ...['mpm_event', 'authz_core', 'proxy', 'proxy_http', 'headers', 'alias'].map(
          (name) => `LoadModule ${name}_module ${root}/usr/lib/apache2/modules/mod_${name}.so`,
        ),
        `ServerRoot ${folder}`,
        `PidFile ${folder}/pid`,
        'ServerName localhost',
        `ErrorLog ${folder}/error.log`,
        'User nobody',
        'Group nogroup',
        `Listen 127.0.0.1:${edge}`,
        shipped.replace('*:8080', `127.0.0.1:${edge}`).replace('flashline:8080', `127.0.0.1:${service}`),
      ].join('\n'),
    args: (config) => ['-D', 'FOREGROUND', '-f', config],
  },
  {
    name: 'Squid',
    package: 'squid',
    binary: 'squid',
    config: 'deploy/squid.conf',
    async configure(shipped, { edge, service, folder, root }) {
      // Squid does not run as root, and its user may not see the project's folder.
      await chmod(folder, 0o755)
      for (const part of ['squid/mime.conf', 'squid/icons', 'squid-langpack/English'])
        await cp(`${root}/usr/share/${part}`, join(folder, part), { recursive: true, dereference: true })
      return [
        shipped
          .replace('http_port 8080', `http_port 127.0.0.1:${edge}`)
          .replace('cache_peer flashline parent 8080', `cache_peer 127.0.0.1 parent ${service}`),
        'cache_effective_user nobody',
        'cache_log /dev/null',
        'pid_filename none',
        'coredump_dir none',
        'pinger_enable off',
        'shutdown_lifetime 0 seconds',
        `mime_table ${folder}/squid/mime.conf`,
        `icon_directory ${folder}/squid/icons`,
        `error_directory ${folder}/squid-langpack/English`,
        `unlinkd_program ${root}/usr/lib/squid/unlinkd`,
        `logfile_daemon ${root}/usr/lib/squid/log_file_daemon`,
      ].join('\n')
    },
    // The name separates its shared memory from that of other processes.
    args: (config, { edge }) => ['-N', '-d', '1', '-n', `flashline${edge}`, '-f', config],
  },
]

async function smallCompiler(): Promise<string> {
  if (!(await isDebianLike())) return 'cc -fPIC'
  const { binary, root } = await fetchDebianTool({ packages: ['tcc', 'libc6-dev'], binary: 'tcc' })
  const usr = join(root, 'usr')
  const folders = await readdir(usr, { recursive: true })
  const parts = folders.find((name) => /^lib\/[^/]+\/tcc$/.test(name)) ?? ''
  const headers = ['include', ...folders.filter((name) => /^include\/[^/]+-linux-gnu[^/]*$/.test(name))]
  const searched = [`${parts}/include`, ...headers].map((name) => `-I${join(usr, name)}`)
  return [binary, `-B${join(usr, parts)}`, '-nostdinc', ...searched].join(' ')
}
