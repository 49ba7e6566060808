/** The commands of pip and uv, and of what makes virtual environments. */
import { sh, type Step } from '../contract/change.ts'
import { splitWords } from '../../shell/words.ts'

export interface PipCall {
  readonly uv: boolean
  readonly executable?: string | undefined
  readonly virtualenv?: string | undefined
  readonly chdir?: string | undefined
  readonly umask?: string | undefined
  readonly break_system_packages: boolean
}

/** A call of pip (or `uv pip`) for the environment. */
export function pipCall(call: PipCall, words: readonly string[]): Step {
  const settings = {
    ...(call.chdir !== undefined && { cwd: call.chdir }),
    ...(call.umask !== undefined && { umask: call.umask }),
    environment: { PIP_DISABLE_PIP_VERSION_CHECK: '1', ...(call.break_system_packages && { PIP_BREAK_SYSTEM_PACKAGES: '1', UV_BREAK_SYSTEM_PACKAGES: '1' }) },
    // pip and setup scripts read files in the locale's encoding, so they get the one of the login.
    user: true,
  }
  if (call.uv) {
    const target = call.virtualenv === undefined ? ['--system'] : ['--python', `${call.virtualenv}/bin/python`]
    return { argv: [call.executable ?? 'uv', 'pip', words[0]!, ...target, ...words.slice(1).filter((word) => word !== '-y')], ...settings }
  }
  if (call.virtualenv !== undefined) return { argv: [`${call.virtualenv}/bin/${call.executable ?? 'python'}`, ...(call.executable === undefined ? ['-m', 'pip'] : []), ...words], ...settings }
  if (call.executable !== undefined) return { argv: [call.executable, ...words], ...settings }
  return { ...sh('for pip in pip3 pip; do command -v "$pip" >/dev/null && exec "$pip" "$@"; done\nexec python3 -m pip "$@"', ...words), ...settings }
}

export interface VenvCall {
  readonly uv: boolean
  readonly executable?: string | undefined
  readonly virtualenv: string
  readonly command: string | undefined
  readonly python: string | undefined
  readonly sitePackages: boolean
  readonly umask?: string | undefined
}

/** Makes a virtual environment: with the command that was given, else with uv, virtualenv or Python's own venv. */
export function venvCall({ uv, executable, virtualenv, command, python, sitePackages, umask }: VenvCall): Step {
  const site = sitePackages ? ['--system-site-packages'] : []
  const settings = { user: true, ...(umask !== undefined && { umask }) }
  const interpreter = python ?? 'python3'
  if (uv) return { argv: [executable ?? 'uv', 'venv', ...site, ...(python === undefined ? [] : ['--python', python]), virtualenv], ...settings }
  if (command === undefined)
    return {
      ...sh('python=$1; shift\nif command -v virtualenv >/dev/null; then exec virtualenv -p "$python" "$@"; fi\nexec "$python" -m venv "$@"', interpreter, ...site, virtualenv),
      ...settings,
    }
  const words = splitWords(command)
  const byVenv = words.includes('venv') || words[0]?.endsWith('pyvenv') === true
  return { argv: [...words, ...(byVenv || python === undefined ? [] : ['-p', python]), ...site, virtualenv], ...settings }
}
