/** Gives the hosts of one test run a prefix of their own, and takes down what a run left behind. */
import { lab } from './lab-command.ts'

export async function setup(): Promise<() => Promise<void>> {
  await removeHosts((owner) => !isAlive(owner))
  process.env['PLONERUN_TEST_RUN'] = String(process.pid)
  return () => removeHosts((owner) => owner === process.pid)
}

/** Test hosts are named t<process id of the run>-<name>. */
async function removeHosts(ofRun: (owner: number) => boolean): Promise<void> {
  const names = (await lab('list')).split('\n').map((line) => line.split(' ')[0] ?? '')
  const unwanted = names.filter((name) => ofRun(Number(/^t(\d+)-/.exec(name)?.[1] ?? process.ppid)))
  if (unwanted.length > 0) await lab('down', ...unwanted)
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
