import { conformance } from './suite.ts'

conformance('conformance', { python: false })
