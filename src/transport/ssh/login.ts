/** How to log in: the agent's keys, key files, then the password, in the order of ssh. */
import ssh2, { type AnyAuthMethod, type BaseAgent, type ParsedKey, type SignCallback, type SigningRequestOptions } from 'ssh2'
import { readIfThere } from './read-file.ts'
import type { SshTarget } from './target.ts'

export interface Login {
  /** Gives the next way to log in; ssh2 asks for it after each failure. `accepted`: what the host would take, once it has said. */
  readonly next: (accepted: readonly string[] | null) => AnyAuthMethod | false
  /** What was offered to the host so far, for the person. */
  readonly tried: readonly string[]
  /** What could not be offered, and why. */
  readonly passedOver: readonly string[]
}

interface Attempt {
  readonly label: string
  /** The host's name for it. */
  readonly kind: 'publickey' | 'password' | 'keyboard-interactive'
  readonly method: AnyAuthMethod
}

interface KeyFile {
  readonly path: string
  readonly key: ParsedKey
}

/** Reads the key files and asks the agent for its keys. What is missing or locked is passed over. */
export async function prepareLogin(target: SshTarget): Promise<Login> {
  const passedOver: string[] = []
  const files = readKeyFiles(target, passedOver)
  const agent = target.agent === undefined ? undefined : ssh2.createAgent(target.agent)
  const held = agent ? await identities(agent, passedOver) : []
  const attempts = [...agentAttempts(target, agent, held, files), ...fileAttempts(target, held, files), ...passwordAttempts(target)]
  const tried: string[] = []
  return {
    next(accepted) {
      for (let attempt = attempts.shift(); attempt; attempt = attempts.shift()) {
        if (accepted && !accepted.includes(attempt.kind)) continue
        tried.push(attempt.label)
        return attempt.method
      }
      return false
    },
    tried,
    passedOver,
  }
}

/** The agent's keys: those first that a file names, the others unless IdentitiesOnly forbids it. */
function agentAttempts({ user, identitiesOnly }: SshTarget, agent: BaseAgent | undefined, held: readonly ParsedKey[], files: readonly KeyFile[]): Attempt[] {
  const isNamed = (key: ParsedKey): boolean => files.some((file) => isSame(file.key, key))
  const offered = [...held.filter(isNamed), ...(identitiesOnly ? [] : held.filter((key) => !isNamed(key)))]
  if (!agent || offered.length === 0) return []
  const label = `${offered.length} ${offered.length === 1 ? 'key' : 'keys'} of the ssh agent`
  return [{ label, kind: 'publickey', method: { type: 'agent', username: user, agent: restrict(agent, offered) } }]
}

function fileAttempts({ user }: SshTarget, held: readonly ParsedKey[], files: readonly KeyFile[]): Attempt[] {
  return files
    .filter(({ key }) => key.isPrivateKey() && !held.some((other) => isSame(key, other)))
    .map(({ path, key }) => ({ label: path, kind: 'publickey', method: { type: 'publickey', username: user, key } }))
}

/** Many hosts ask for the password in a dialogue only (keyboard-interactive). */
function passwordAttempts({ user, password: secret }: SshTarget): Attempt[] {
  if (!secret) return []
  const password = secret.reveal()
  return [
    { label: 'the password', kind: 'password', method: { type: 'password', username: user, password } },
    {
      label: 'the password as an answer',
      kind: 'keyboard-interactive',
      method: {
        type: 'keyboard-interactive',
        username: user,
        prompt: (_name, _instructions, _language, prompts, finish) => finish(prompts.map(({ echo }) => (echo ? '' : password))),
      },
    },
  ]
}

function readKeyFiles({ identityFiles, identitiesNamed, passphrase }: SshTarget, passedOver: string[]): KeyFile[] {
  return identityFiles.flatMap((path): KeyFile[] => {
    const text = readIfThere(path)
    if (text === undefined) {
      if (identitiesNamed) passedOver.push(`${path} cannot be read`)
      return []
    }
    const key = parse(text, passphrase?.reveal())
    if (!(key instanceof Error)) return [{ path, key }]
    const isLocked = /passphrase|encrypted|integrity|decrypt/i.test(key.message)
    passedOver.push(`${path} ${!isLocked ? `is not understood (${key.message})` : passphrase ? 'does not open with the passphrase' : 'has a passphrase'}`)
    // The agent may hold it: the public half tells which one it is.
    const half = readIfThere(`${path}.pub`)
    const open = half === undefined ? undefined : parse(half)
    return open === undefined || open instanceof Error ? [] : [{ path, key: open }]
  })
}

function parse(text: Buffer, passphrase?: string): ParsedKey | Error {
  const parsed = ssh2.utils.parseKey(text, passphrase) as ParsedKey | ParsedKey[] | Error
  return Array.isArray(parsed) ? parsed[0]! : parsed
}

function identities(agent: BaseAgent, passedOver: string[]): Promise<ParsedKey[]> {
  return new Promise((resolve) => {
    agent.getIdentities((error, keys) => {
      if (error) passedOver.push(`the ssh agent does not answer (${error.message})`)
      resolve((keys ?? []) as ParsedKey[])
    })
  })
}

/** The same agent with these keys only, in this order. */
function restrict(agent: BaseAgent, keys: ParsedKey[]): BaseAgent {
  class Restricted extends ssh2.BaseAgent {
    override getIdentities(callback: (error: Error | undefined, keys: ParsedKey[]) => void): void {
      callback(undefined, keys)
    }
    override sign(key: ParsedKey | Buffer | string, data: Buffer, options: SigningRequestOptions | SignCallback, callback?: SignCallback): void {
      agent.sign(key, data, options as SigningRequestOptions, callback)
    }
  }
  return new Restricted()
}

function isSame(one: ParsedKey, other: ParsedKey): boolean {
  return one.getPublicSSH().equals(other.getPublicSSH())
}
