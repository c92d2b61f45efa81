/**
 * Secrets in what an earlier deployment says. People write them into crontabs, units and headers, and what is read there
 * ends on screens and in the logs of CI: rather a word too many is left out than a password shown.
 */

/** A value in quotes, or a word. */
const VALUE = String.raw`(?:"[^"]*"?|'[^']*'?|[^\s&;|"']+)`;

/** How the name of a variable, an option or a parameter ends that holds one. */
const NAMED = String.raw`[\w.-]*(?:pass(?:word|wd|phrase)?|pwd|secret|token|key|credentials?)`;

/** Each with what is kept of it in its first group. */
const SECRETS: readonly RegExp[] = [
  // https://user:password@host
  /(:\/\/)[^/\s:@]*:[^@\s]+(?=@)/gi,
  // A header of its own, in whatever quotes the whole of it stands; also "Token", which Django REST framework has.
  /(\bAuthorization["']?[\s:]+)(?:"[^"]*"?|'[^']*'?|[^"']+)/gi,
  /(\b(?:Basic|Bearer|Token) )[\w.~+/=-]+/gi,
  /(\b(?:proxy_set_header|RequestHeader \w+) \S+ )(?!"?\$\w+"?;?$).+/gi,
  // PGPASSWORD=..., ?token=..., password: ..., $arg_token != ...
  new RegExp(String.raw`(\b${NAMED}["']?\s*(?:[!=~]*=|:)\s*)${VALUE}`, 'gi'),
  // --password ...
  new RegExp(String.raw`((?<=\s)--?${NAMED}\s+)${VALUE}`, 'gi'),
  // curl's -u name:password, and MySQL's -ppassword.
  new RegExp(String.raw`(\bcurl\b[^|;]*\s(?:-u|--user)[\s=]*["']?[^\s:"']+:)${VALUE}`, 'gi'),
  /(\b(?:mysql|mariadb)[\w-]*\b[^|;]*\s-p)[^\s-][^\s]*/gi,
  // What no person would write: keys, and the addresses of webhooks that have one in them.
  /()\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b/gi,
  /()\b[0-9a-f]{20,}\b/gi,
  /()(?<![\w+-])(?=[\w+-]*[a-z])(?=[\w+-]*[A-Z])(?=[\w+-]*\d)[\w+-]{20,}/g,
];

/** What is longer is no command that a person wrote, and patterns take the square of it. */
const LONGEST = 4000;

/** Is a secret in it, as far as can be told? What is too long to be looked at counts as one. */
export function hasSecret(text: string): boolean {
  return withoutSecrets(text) !== text;
}

/** A command or a statement as it may be shown; the end of a very long one is left out. */
export function withoutSecrets(text: string): string {
  return SECRETS.reduce((shown, secret) => shown.replace(secret, '$1...'), text.slice(0, LONGEST));
}
