import { ini } from './syntax.ts';

/**
 * supervisord's configuration: `%(name)s` is expanded in every value, and a `;` or `#` behind white space starts a
 * comment, inside of quotes too. http://supervisord.org/configuration.html and UnhosedConfigParser in
 * https://github.com/Supervisor/supervisor/blob/main/supervisor/options.py
 */
export const supervisord = ini({
  name: 'supervisord',
  commands: new Set(['command']),
  magic: /\s(?=[;#])/,
  meaning: 'supervisord takes what follows for a comment:',
  escape: (text) => text.replaceAll('%', '%%'),
});
