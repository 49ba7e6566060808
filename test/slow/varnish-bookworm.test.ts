/** The VCL of a site with Varnish 7.1, which bookworm brings. */
import { frontOf } from '../support/front.ts'
import { labHost } from '../support/lab.ts'
import { varnishBehaviour } from '../support/varnish-behaviour.ts'

const box = labHost('varnish-bookworm', { suite: 'bookworm' })
varnishBehaviour(box, frontOf(box, { plone: '6.0', extras: ['nopound'], numzopes: 1 }))
