/** The VCL of a site with Varnish 6.5, which bullseye brings. */
import { frontOf } from '../support/front.ts'
import { labHost } from '../support/lab.ts'
import { varnishBehaviour } from '../support/varnish-behaviour.ts'

const box = labHost('varnish-bullseye', { suite: 'bullseye' })
varnishBehaviour(box, frontOf(box, { plone: '6.0' }))
