/** What a developer site is when its definition does not say: one Zope, its objects in a file, nothing that the clock starts. */
import { definition } from './definition.ts'
import { backup, health, pack, storage } from './definition-operations.ts'
import { defaulting, mapping } from './schema.ts'

export const developerDefinition = {
  ...definition,
  numzopes: defaulting(definition.numzopes, 1),
  max_zopes: defaulting(definition.max_zopes, 1),
  storage: mapping(definition.storage.doc, { ...storage, kind: defaulting(storage.kind, 'file') }),
  pack: mapping(definition.pack.doc, { ...pack, at: defaulting(pack.at, '') }),
  backup: mapping(definition.backup.doc, { ...backup, at: defaulting(backup.at, ''), before_deploy: defaulting(backup.before_deploy, false) }),
  health: mapping(definition.health.doc, { ...health, every: defaulting(health.every, 0) }),
} as const
