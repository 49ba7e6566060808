/** The balancer of a site, as a cycle talks to it. */
import type { Balancer } from '../../cycle/balancer.ts'
import { haproxy } from '../../cycle/haproxy.ts'
import { pound4 } from '../../cycle/pound4.ts'
import { varnish } from '../../cycle/varnish.ts'
import type { Site } from '../../plonestack/sites.ts'

export function balancerOf({ name, home, balancer, units }: Site): Balancer {
  switch (balancer) {
    case 'pound':
      return pound4(`/run/${units.pound}/pound.ctl`, name, 'zopes')
    case 'haproxy':
      return haproxy(`${home}/bin/haproxyctl`, 'zopes')
    case 'varnish':
      return varnish(`${home}/var/varnish`)
  }
}
