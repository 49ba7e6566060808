/** The version of this plonerun. */
import packageJson from '../../package.json' with { type: 'json' }

export const { version } = packageJson
