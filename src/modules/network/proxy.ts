/** The proxies that requests from a host go through, as its environment and the task's say. */
import { shellRead, type ShellResult } from '../../probe/shell.ts'

/** Asks for what the environment says, which may be the task's own. */
export const proxiesRead = shellRead(`printf '%s\\n' "\${http_proxy:-\${HTTP_PROXY-}}" "\${https_proxy:-\${HTTPS_PROXY-}}" "\${no_proxy:-\${NO_PROXY-}}"`, ['path:/etc/environment'])

/** Which proxy a url is asked for through. */
export function proxyOf({ stdout }: ShellResult): (url: URL) => URL | undefined {
  const [http = '', https = '', exceptions = ''] = stdout.split('\n')
  const excepted = exceptions.split(',').map((each) => each.trim().toLowerCase()).filter(Boolean)
  return (url) => {
    const written = url.protocol === 'https:' ? https : http
    if (written === '' || excepted.some((each) => isExcepted(url, each))) return undefined
    const full = /^\w+:\/\//.test(written) ? written : `http://${written}`
    return URL.canParse(full) ? new URL(full) : undefined
  }
}

/** `*`, a host, or a domain with all that is in it; each also with a port. */
function isExcepted({ hostname, host }: URL, exception: string): boolean {
  const name = exception.replace(/^\./, '')
  return name === '*' || [hostname, host].some((each) => each === name || each.endsWith(`.${name}`))
}
