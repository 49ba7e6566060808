/** Words in a module's place that steer the run itself. */

export const INCLUDES: ReadonlySet<string> = new Set(['include_tasks', 'include_role'])

/** Also the imports, which the loader has done with by the time a run begins. */
export const CONTROL_NAMES: ReadonlySet<string> = new Set([...INCLUDES, 'import_tasks', 'import_role', 'import_playbook', 'include', 'meta'])

