/** Filters that encrypt and decrypt as Ansible Vault does, with a password of the template's own. */
import { randomBytes } from 'node:crypto'
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { typeName } from '../../values/python.ts'
import { Secret } from '../../values/secret.ts'
import { isVault, openVault, parseVault, sealVault, vaultKeys } from '../../values/vault-text.ts'
import { flag, optional, or, string, type Parameter } from '../plugins/parameter.ts'
import { plugin, type Plugins } from '../plugins/plugin.ts'

/** A text; one that is secret is opened here. */
const revealed: Parameter<string> = {
  kind: 'one',
  convert(value, name) {
    if (value instanceof Secret) return value.reveal()
    if (typeof value === 'string') return value
    throw new PlonerunError(`Can only vault or unvault texts: '${name}' is ${typeName(value)}`)
  },
}

const SALT_LENGTH = 32
/** The id that Ansible's filters give where none is named. */
const vaultId = { vault_id: or(string, 'filter_default') }

export const vaultFilters: Plugins = {
  vault: plugin(
    { data: revealed, secret: revealed, salt: optional(revealed), ...vaultId, wrap_object: or(flag, false) },
    ({ data, secret, salt: given, vault_id, wrap_object }, { chance }) => {
      if (wrap_object) return new Secret(data)
      // The same text would be another one each time the task is looked at.
      const salt = given === undefined ? Buffer.from(chance('vault', () => randomBytes(SALT_LENGTH).toString('hex')) as string, 'hex') : Buffer.from(given)
      return sealVault(Buffer.from(data), vaultKeys(secret, salt), salt, vault_id)
    },
    { secrets: true },
  ),
  unvault: plugin(
    { data: revealed, secret: revealed, ...vaultId },
    ({ data, secret }) => {
      if (!isVault(data)) return new Secret(data)
      const parts = parseVault(data)
      const content = openVault(parts, vaultKeys(secret, parts.salt))
      if (content === undefined) throw new PlonerunError('unvault: the vault password is wrong')
      return new Secret(content.toString('utf8'))
    },
    { secrets: true },
  ),
}
