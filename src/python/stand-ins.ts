/**
 * What modules and plugins in Python import of Ansible, for where it is not installed: texts of Python by the names they are
 * imported as.
 */
import errors from './ansible/errors.py?raw'
import ansibleRelease from './ansible/module_utils/ansible_release.py?raw'
import basic from './ansible/module_utils/basic.py?raw'
import collections from './ansible/module_utils/collections.py?raw'
import dictTransformations from './ansible/module_utils/dict_transformations.py?raw'
import plonerunArguments from './ansible/module_utils/plonerun_arguments.py?raw'
import plonerunFiles from './ansible/module_utils/plonerun_files.py?raw'
import plonerunSystem from './ansible/module_utils/plonerun_system.py?raw'
import plonerunTexts from './ansible/module_utils/plonerun_texts.py?raw'
import plonerunTypes from './ansible/module_utils/plonerun_types.py?raw'
import six from './ansible/module_utils/six.py?raw'
import sixMoves from './ansible/module_utils/six_moves.py?raw'
import version from './ansible/module_utils/version.py?raw'
import lookup from './ansible/plugins/lookup.py?raw'
import display from './ansible/utils/display.py?raw'

const everything = (name: string): string => `from ansible.module_utils.${name} import *  # noqa: F401,F403\n`

/** Below `ansible.module_utils`. */
const MODULE_UTILS = {
  ansible_release: ansibleRelease,
  basic,
  plonerun_arguments: plonerunArguments,
  plonerun_files: plonerunFiles,
  plonerun_system: plonerunSystem,
  plonerun_texts: plonerunTexts,
  plonerun_types: plonerunTypes,
  six,
  'six.moves': sixMoves,
  'six.moves.configparser': 'from configparser import *  # noqa: F401,F403\n',
  'six.moves.urllib': 'from urllib import error, parse, request, response  # noqa: F401\n',
  'six.moves.urllib.error': 'from urllib.error import *  # noqa: F401,F403\n',
  'six.moves.urllib.parse': 'from urllib.parse import *  # noqa: F401,F403\n',
  'six.moves.urllib.request': 'from urllib.request import *  # noqa: F401,F403\n',
  _text: everything('plonerun_texts'),
  'common.text.converters': everything('plonerun_texts'),
  'common.text.formatters': 'from ansible.module_utils.plonerun_types import bytes_to_human, human_to_bytes  # noqa: F401\n',
  'common._collections_compat': collections,
  'common.collections': collections,
  'common.dict_transformations': dictTransformations,
  'common.file': 'from ansible.module_utils.plonerun_files import is_executable  # noqa: F401\n',
  'common.locale': 'from ansible.module_utils.plonerun_system import get_best_parsable_locale  # noqa: F401\n',
  'common.parameters': 'from ansible.module_utils.plonerun_arguments import env_fallback  # noqa: F401\n',
  'common.process': 'from ansible.module_utils.plonerun_system import get_bin_path  # noqa: F401\n',
  'common.sys_info': everything('plonerun_system'),
  'compat.version': version,
  'parsing.convert_bool': 'from ansible.module_utils.plonerun_types import BOOLEANS, BOOLEANS_FALSE, BOOLEANS_TRUE, boolean  # noqa: F401\n',
  pycompat24: 'from ansible.module_utils.basic import get_exception, literal_eval  # noqa: F401\n',
}

/** What modules import. */
export const moduleUtils = withPackages(Object.fromEntries(Object.entries(MODULE_UTILS).map(([name, text]) => [`ansible.module_utils.${name}`, text])))

/** What plugins import, which is all that modules do and more. */
export const standIns = withPackages({
  ...moduleUtils,
  'ansible.errors': errors,
  'ansible.plugins.lookup': lookup,
  'ansible.utils.display': display,
  'ansible.utils.unsafe_proxy': 'def wrap_var(value):\n    return value\n',
})

/** The same with what stands around each. */
export function withPackages(texts: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const names = Object.keys(texts).flatMap((name) => name.split('.').map((_, index, parts) => parts.slice(0, index + 1).join('.')))
  return { ...Object.fromEntries(names.map((name) => [name, ''])), ...texts }
}
