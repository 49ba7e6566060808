/** `plonerun sites`: the estate, as a table or JSON: every site, its versions, its Zopes, its ports, its last deploy. */
import { addFailure, failureLines, failureOf, type Failure } from '../../report/failures.ts'
import { table } from '../../report/format.ts'
import type { Report } from '../../report/report.ts'
import { createStyle } from '../../report/style.ts'
import type { SiteState } from '../../modules/plonestack/estate.ts'
import { wantsColours } from '../colours.ts'
import type { RunCommand } from '../command-info.ts'
import { runSitePlaybook, type SiteOptions } from '../site-playbook.ts'

type Row = SiteState & { readonly host: string }

export const run: RunCommand = (_, given) => {
  const { json = false, ...options }: SiteOptions & { readonly json?: boolean } = given
  return runSitePlaybook('sites', { ...options, all: options.site === undefined }, {}, { reports: [sitesReport(json)] })
}

/** Prints what is known at the end; failures go to stderr. */
function sitesReport(json: boolean): Report {
  const rows: Row[] = []
  const failures: Failure[] = []
  return {
    emit(event) {
      const failure = failureOf(event)
      if (failure) addFailure(failures, failure)
      if (event.type === 'task-ended' && 'estate' in event.result) rows.push(...(event.result['estate'] as SiteState[]).map((state) => ({ host: event.host, ...state })))
    },
    end() {
      const sorted = rows.toSorted((a, b) => (a.site === b.site ? (a.host < b.host ? -1 : 1) : a.site < b.site ? -1 : 1))
      if (json) process.stdout.write(`${JSON.stringify(sorted, null, 2)}\n`)
      else if (sorted.length > 0) process.stdout.write(`${sitesTable(sorted).join('\n')}\n`)
      const style = createStyle(wantsColours(process.stderr))
      process.stderr.write(failures.flatMap((failure) => [...failureLines(failure, style), '']).join('\n'))
      return Promise.resolve()
    },
  }
}

/** A line for each site of each host, under a line of titles. */
export function sitesTable(rows: readonly Row[]): string[] {
  const titles = ['site', 'host', 'url', 'plone', 'stack', 'balancer', 'zopes', 'ports', 'last deploy']
  return table([
    titles,
    ...rows.map(({ site, host, url, plone, stack, balancer, zopes, ports, deployed }) => [
      site, host, url, step(deployed?.plone, plone), step(deployed?.stack, stack), balancer, zopesText(zopes), ports.join('-'),
      deployed === undefined ? 'never' : deployed.at.slice(0, 16).replace('T', ' '),
    ]),
  ])
}

/** What is on the box, and what the definition asks for where that is another. */
function step(deployed: string | undefined, wanted: string): string {
  return deployed === undefined || deployed === wanted ? wanted : `${deployed} -> ${wanted}`
}

function zopesText(zopes: SiteState['zopes']): string {
  const out = zopes.filter(({ inBalancer }) => !inBalancer).map(({ name }) => name)
  const dead = zopes.filter(({ inBalancer, alive }) => inBalancer && !alive).map(({ name }) => name)
  return [`${zopes.length - out.length} in`, ...(out.length > 0 ? [`out: ${out.join(', ')}`] : []), ...(dead.length > 0 ? [`dead: ${dead.join(', ')}`] : [])].join(', ')
}
