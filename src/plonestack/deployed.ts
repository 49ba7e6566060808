/** The record of a deploy that stays on the box; playbooks/tasks/serve.yml writes it when all else is done. */

/** Below the folder of the site. */
export const DEPLOYED = 'etc/deployed.json'

export interface Deployed {
  readonly plone: string
  /** The version of the plonestack. */
  readonly stack: string
}

/** The versions of a record; undefined for what is none. */
export function parseRecord(text: string): Deployed | undefined {
  try {
    const { plone, stack } = JSON.parse(text) as { readonly plone?: unknown; readonly stack?: unknown }
    return typeof plone === 'string' && typeof stack === 'string' ? { plone, stack } : undefined
  } catch {
    return undefined
  }
}
