/** What a site definition may say of its Python and the packages that run on it. */
import { DATE, DIST, DOTTED, GIT, PATH, URL } from './patterns.ts'
import { list, mapOf, text } from './schema.ts'

export const packages = {
  python: text("The version of Python, where it shall not be the box's usual one.", { pattern: /^[23]\.\d+$/, like: 'a version such as 3.13' }),
  interpreter: text('A Python of the box that does not come with its distribution; `python` then says which version it is.', PATH),
  zope: text('The version of Zope, where it shall not be the one of the version list.', DOTTED),
  versions: text("A file of pinned versions on the controller: constraints, or a buildout's versions.cfg. One that does not pin Plone is laid over the list that ships."),
  buildout: text("Packages by zc.buildout in place of pip: `generated`, or a buildout.cfg of the site's own on the controller, whose part `instance` says the eggs."),
  zope_url: text('Where the tarball of Zope 2.11 or older is, which is no egg; Plone 3 needs it.', URL),
  distros: list(text('Where tarballs of products are, from before there were eggs; for Plone 3.', URL)),
  eggs: list(text('Python packages besides Plone, each as pip takes them.')),
  zcml: list(text('Packages whose configuration is loaded; `package:file.zcml` names another file.')),
  sources: mapOf(DIST, text('A url of git.', GIT), 'Packages from git: their names and urls, with a branch, tag or commit after an @. A developer site has them checked out in HOME/src.'),
  develop: list(text('Folders of the box with packages that are used as they are there, and not installed as a copy.', PATH)),
  hotfixes: mapOf(DATE, text('A version.', DOTTED), 'Hotfixes of Plone by their dates: `20210518: 1.6` is Products.PloneHotfix20210518==1.6.'),
  wrappers: list(text("Commands of the packages (console scripts) that run with the site's database open: each gets a bin/NAME.", DIST)),
} as const
