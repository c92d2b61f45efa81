import { ini } from './syntax.ts';

/**
 * Circus's configuration: a `;` behind white space starts a comment, inside of quotes too; `$(name)` and `((name))`
 * are replaced. https://circus.readthedocs.io/en/latest/configuration/ and replace_gnu_args in
 * https://github.com/circus-tent/circus/blob/master/circus/util.py
 */
export const circus = ini({
  name: 'circus',
  commands: new Set(['cmd', 'args']),
  magic: /\s(?=[;#])|\$(?=\(|WID)|\((?=\()/,
  meaning: 'Circus takes for a comment or a variable:',
  escape: (text) => text,
});
