/** What a Flask app must set to agree with the proxy in front. https://flask.palletsprojects.com/en/stable/deploying/proxy_fix/ */

import type { CommonPlan, PlanOfService } from '../../contract/plan.ts';
import type { Advice } from '../../words/advice.ts';
import type { Detection } from '../../words/detection.ts';
import { accelRedirect, proxyFix } from '../forwarded.ts';
import { adviceOn, isList, ofDeployed, ownKey, python, type Wanted } from '../wanted.ts';

/** The variable that its key is to come from, where the app reads none. */
export const FLASK_KEY = 'SECRET_KEY';

/** What a release can set. */
export const BROUGHT: readonly string[] = [
  ...['SECRET_KEY', 'DEBUG', 'SESSION_COOKIE_SECURE', 'PREFERRED_URL_SCHEME', 'MAX_CONTENT_LENGTH'],
  ...['TRUSTED_HOSTS', 'USE_X_SENDFILE'],
];

const CONFIG = 'https://flask.palletsprojects.com/en/stable/config/#';
/** The settings that matter with this plan, each as it should be. */
export function wantedSettings(plan: CommonPlan): Wanted[] {
  const { site, body } = plan;
  const https = site.scheme === 'https';
  const setting = (name: string) => ({ setting: name, docs: CONFIG + name });
  const wanted: (Wanted | false)[] = [
    proxyFix('ProxyFix', 'app.wsgi_app'),
    ownKey(plan, FLASK_KEY, {
      ...setting('SECRET_KEY'),
      write: (variable) => `app.config["SECRET_KEY"] = os.environ[${python(variable)}]`,
      imports: ['import os'],
    }),
    {
      ...setting('DEBUG'),
      write: 'app.config["DEBUG"] = False',
      brought: { value: false },
      level: 'error',
      why: 'With DEBUG on, errors are shown instead of handled.',
      fits: (value) => value === false,
      defaultFits: true,
    },
    https && {
      ...setting('SESSION_COOKIE_SECURE'),
      write: 'app.config["SESSION_COOKIE_SECURE"] = True',
      brought: { value: true },
      why: 'Otherwise a session cookie may travel over plain http.',
      fits: (value) => value === true,
    },
    https && {
      ...setting('PREFERRED_URL_SCHEME'),
      write: 'app.config["PREFERRED_URL_SCHEME"] = "https"',
      brought: { value: 'https' },
      why: 'URLs that are made outside of a request, for mails for instance, begin with http otherwise.',
      fits: (value) => value === 'https',
    },
    {
      ...setting('MAX_CONTENT_LENGTH'),
      get write() {
        return `app.config["MAX_CONTENT_LENGTH"] = ${body.bytes}`;
      },
      brought: { value: () => body.bytes },
      why: 'One limit in both places: with a lower one in the app, uploads are refused only when they have arrived.',
      fits: (value) => typeof value === 'number' && value >= body.bytes,
      // The web server's own limit holds all the same.
      defaultFits: true,
    },
    {
      ...setting('TRUSTED_HOSTS'),
      get write() {
        return `app.config["TRUSTED_HOSTS"] = [${python(site.canonical)}]`;
      },
      brought: { value: () => [site.canonical] },
      why: 'Since Flask 3.1 the app itself refuses other hosts too, should anybody reach it past the web server.',
      fits: (value) => isList(value) && value.some((entry) => covers(entry, site.canonical)),
    },
    {
      ...setting('USE_X_SENDFILE'),
      write: 'app.config["USE_X_SENDFILE"] = False',
      brought: { value: false },
      why: 'It sets X-Sendfile, which nginx does not know: every file would arrive empty.',
      fits: (value) => value === false,
      defaultFits: true,
    },
    ...accelRedirect(plan, 'send_from_directory works too, but ties one up.'),
  ];
  return wanted.filter((entry) => entry !== false);
}

/** An entry of TRUSTED_HOSTS: https://werkzeug.palletsprojects.com/en/stable/wsgi/#werkzeug.sansio.utils.host_is_trusted */
function covers(entry: unknown, host: string): boolean {
  if (typeof entry !== 'string') return false;
  return entry === host || (entry.startsWith('.') && (host.endsWith(entry) || host === entry.slice(1)));
}

/** Each setting that matters with this plan, and how the project has it; all "unknown" where nothing was read. */
export function adviseFlask(plan: PlanOfService, detection: Detection | undefined): Advice[] {
  const read = ofDeployed(plan, detection);
  const wanted = wantedSettings(plan).filter(({ setting }) => setting !== 'TRUSTED_HOSTS' || !isOlder(read));
  return adviceOn(plan, wanted, read);
}

/** TRUSTED_HOSTS came with 3.1: https://flask.palletsprojects.com/en/stable/changes/#version-3-1-0 */
function isOlder(detection: Detection | undefined): boolean {
  const version = detection?.settings.Flask;
  if (version?.kind !== 'known') return false;
  const [major = 0, minor = 0] = String(version.value).split('.').map(Number);
  return major < 3 || (major === 3 && minor < 1);
}
