/** Options that uri and get_url share. */
import { defaulting, flag, integer, path, text } from '../contract/option.ts'

export const requestOptions = {
  url_username: text('The user for basic authentication.', { aliases: ['user', 'username'] }),
  url_password: text('The password for basic authentication.', { aliases: ['password'], secret: true }),
  force_basic_auth: defaulting(flag('Accepted: the login is always sent with the first request.'), false),
  validate_certs: defaulting(flag('Refuses certificates that are not trusted.'), true),
  ca_path: path('A file on the controller with certificates to trust.'),
  timeout: defaulting(integer('Seconds without an answer.'), 30),
  http_agent: defaulting(text('The User-Agent.'), 'ansible-httpget'),
  use_proxy: defaulting(flag('Accepted; requests go straight from the host.'), true),
}

/** The header of a login, if one is given. */
export function basicAuthorization({ url_username: user, url_password: password }: { readonly url_username: string | undefined; readonly url_password: string | undefined }): Record<string, string> {
  return user === undefined ? {} : { Authorization: `Basic ${Buffer.from(`${user}:${password ?? ''}`).toString('base64')}` }
}
