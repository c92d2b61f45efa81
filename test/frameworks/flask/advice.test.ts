import { expect, it } from 'vitest';
import { resolveAnswers } from '../../../src/answers/resolve.ts';
import { adviseFlask } from '../../../src/frameworks/flask/advice.ts';
import { detectFlask } from '../../../src/frameworks/flask/detect.ts';
import { makePlan } from '../../../src/plan/plan.ts';
import { memoryProject } from '../../detect/memory-project.ts';
import { planned } from '../../support/plan.ts';

const APP = `from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix
app = Flask(__name__)
`;

/** The state of each setting, and where it is said to be. */
function advice(files: Record<string, string>, app = 'app:app', protectedMounts = {}) {
  const given = {
    name: 'shop',
    domains: ['shop.example'],
    framework: 'flask',
    app,
    settings: 'own',
    protected: protectedMounts,
  };
  const answers = Object.fromEntries(
    Object.entries(given).map(([name, value]) => [name, { value, source: 'test' }]),
  );
  const resolution = resolveAnswers([{ insistent: true, answers }]);
  expect(resolution.problems).toEqual([]);
  const all = adviseFlask(planned(makePlan(resolution.answers)), detectFlask(memoryProject(files)));
  return Object.fromEntries(all.map(({ setting, state, from }) => [setting, [state, from[0]?.line]]));
}

it('says where what is missing belongs', () => {
  expect(advice({ 'app.py': APP })).toEqual({
    ProxyFix: ['unset', 3],
    SECRET_KEY: ['unset', 3],
    DEBUG: ['set', undefined],
    SESSION_COOKIE_SECURE: ['unset', 3],
    PREFERRED_URL_SCHEME: ['unset', 3],
    MAX_CONTENT_LENGTH: ['set', undefined],
    TRUSTED_HOSTS: ['unset', 3],
    USE_X_SENDFILE: ['set', undefined],
  });
});

it.each([
  ['ProxyFix(app.wsgi_app)', 'set'],
  ['ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=0)', 'set'],
  ['ProxyFix(app.wsgi_app, x_for=2)', 'different'],
  ['ProxyFix(app.wsgi_app, x_host=1)', 'different'],
  ['ProxyFix(app.wsgi_app, x_prefix=1)', 'different'],
  ['ProxyFix(app.wsgi_app, x_proto=0)', 'different'],
])('%s is %s', (call, state) => {
  expect(advice({ 'app.py': `${APP}app.wsgi_app = ${call}\n` }).ProxyFix).toEqual([state, 4]);
});

it.each([
  ['TRUSTED_HOSTS', '["shop.example"]', 'set'],
  ['TRUSTED_HOSTS', '["elsewhere.example"]', 'different'],
  ['USE_X_SENDFILE', 'True', 'different'],
  ['SESSION_COOKIE_SECURE', 'True', 'set'],
  ['PREFERRED_URL_SCHEME', '"https"', 'set'],
  ['MAX_CONTENT_LENGTH', '1024', 'different'],
])('%s = %s is %s', (name, value, state) => {
  expect(advice({ 'app.py': `${APP}app.config["${name}"] = ${value}\n` })[name]).toEqual([state, 4]);
});

it('asks for no TRUSTED_HOSTS of a Flask that has none', () => {
  const files = { 'app.py': APP, 'requirements.txt': 'Flask==3.0.3\n' };
  expect(advice(files).TRUSTED_HOSTS).toBeUndefined();
});

it('compares X-Accel-Redirect with the protected folders', () => {
  const files = { 'app.py': `${APP}r.headers["X-Accel-Redirect"] = "/_files/" + name\n` };
  expect(advice(files, 'app:app', { '/_files/': 'files' })['X-Accel-Redirect']).toEqual(['set', 4]);
  expect(advice(files, 'app:app', { '/_other/': 'files' })['X-Accel-Redirect']).toEqual(['different', 4]);
});

it('says nothing of an app that is not deployed', () => {
  expect(advice({ 'app.py': APP }, 'other:app').ProxyFix).toEqual(['unknown', undefined]);
  expect(advice({ 'shop.py': APP, 'admin.py': APP }, 'shop:app').ProxyFix).toEqual(['unknown', undefined]);
});
