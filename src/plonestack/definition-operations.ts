/** What a site definition may say of where its objects are kept, and of what keeps it in order. */
import { CHECKSUM, LINE, PATH, SIZE, URL } from './patterns.ts'
import { clock, defaulting, flag, integer, mapping, oneOf, secret, text } from './schema.ts'

export const storage = {
  kind: defaulting(oneOf(['zeo', 'relstorage', 'file'], 'zeo: a file that ZEO serves. relstorage: PostgreSQL. file: a file that the one Zope opens itself.'), 'zeo'),
  host: text('The host of the inventory that keeps them, with ZEO or PostgreSQL; the box itself unless given.'),
  blobs: oneOf(['shared', 'cached'], 'shared: every box sees var/blobstorage, by a network file system where they are several. cached: each fetches the blobs that it needs; the default where the objects are on another host or in PostgreSQL.'),
  blob_cache: defaulting(text('The size of the cache of blobs of each box.', SIZE), '100MB'),
  password: secret('relstorage: the password of PostgreSQL; keep it in a vault.'),
  dsn: text('relstorage: how to reach a PostgreSQL that the stack does not deploy, in the words of libpq: `host=db.example.org dbname=www user=www`.'),
} as const

export const pack = {
  at: defaulting(clock('When, each day.'), '04:00'),
  days: defaulting(integer('Days for which revisions are kept.'), 4),
} as const

export const backup = {
  at: defaulting(clock('When, each day.'), '03:00'),
  keep: defaulting(integer('Days for which backups are kept.', { min: 1 }), 14),
  before_deploy: defaulting(flag('Whether a deploy makes one before it changes the content.'), true),
  folder: text('Where they are kept; HOME/backups unless given. Another disk is better.', PATH),
} as const

export const health = {
  every: defaulting(integer('Seconds between two looks; 0 for none.'), 60),
  path: text('The path that is requested; the first of `wake` unless given.', { pattern: /^\/\S*$/, like: 'a path such as /portal/' }),
  timeout: defaulting(integer('Seconds that an answer may take.', { min: 1 }), 30),
  failures: defaulting(integer('After how many failures in a row.', { min: 1 }), 3),
} as const

const solr = {
  url: text('Where its archive (.tgz) is.', URL),
  checksum: defaulting(text('What the archive must be: sha256:DIGEST.', CHECKSUM), ''),
  package: text('A package of the distribution that brings it, in place of an archive.'),
  java: defaulting(text('The package of the distribution with the Java that an archive runs on.'), 'default-jre-headless'),
  command: defaulting(text('What starts it in the foreground, in the folder of the archive; {port} and {data} stand for its port and the folder of its data.', LINE), 'bin/solr start -f -p {port} -s {data}'),
  memory: defaulting(text('The size of its heap.', SIZE), '512M'),
} as const

export const operations = {
  solr: mapping('A Solr of its own, at the port 7 below its baseport; a site that names neither url nor package has none.', solr),
  storage: mapping('Where the objects of the site are kept.', storage),
  memory_limit: text('The memory that a Zope may have; one that has more is started anew while the others serve. No limit unless given.', SIZE),
  pack: mapping('Throwing old revisions of objects away.', pack),
  backup: mapping('Backups of the database and the blobs.', backup),
  logs: mapping('Rotation of the logs.', {
    rotate: defaulting(oneOf(['daily', 'weekly', 'monthly'], 'How often.'), 'daily'),
    keep: defaulting(integer('How many of each log are kept.'), 14),
  }),
  health: mapping('A look at each Zope; one that fails is started anew while the others serve.', health),
} as const
