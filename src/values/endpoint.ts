/** Where something listens. */

export interface Endpoint {
  /** IPv4, IPv6 or a name. */
  readonly address: string
  readonly port: number
}

/** As configurations write it, with an IPv6 address in brackets (RFC 3986): `127.0.0.1:8080`, `[::1]:8080`. */
export function endpointText({ address, port }: Endpoint): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`
}
