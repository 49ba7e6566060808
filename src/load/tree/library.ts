/** A module of the person's own. */

/** A script that answers with JSON, or a module in Python that uses AnsibleModule. */
export interface LibraryModule {
  readonly name: string
  readonly file: string
  readonly content: string
  /** Words of the program that runs it; of one in Python, the first Python of the host that there is. */
  readonly interpreter: readonly string[] | 'python'
  /** How it is given its arguments: as words of the form k=v or as JSON in a file, or by AnsibleModule, which it imports. */
  readonly takes: 'words' | 'json' | 'ansible'
  /** It looks whether it is to change nothing, so it can be run in check mode. */
  readonly checks: boolean
  /** As Python calls it. */
  readonly fullName: string
  /** Texts of Python that it imports, by their full names: the person's own, and what plonerun stands in for. */
  readonly imports: Readonly<Record<string, string>>
  /** Why plonerun cannot run it. */
  readonly refusal?: string
}
