/** What a person saves and imports is Python, has what it needs, and says each thing that is wanted. */
import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { resolveAnswers } from '../../src/answers/resolve.ts';
import { frameworks } from '../../src/frameworks/index.ts';
import { makePlan } from '../../src/plan/plan.ts';
import { itNeeds } from '../support/tools.ts';

function planFor(framework: string) {
  const given = {
    ...{ name: 'shop', domains: ['shop.example'], framework, app: 'shop.web:app', settings: 'own' },
    ...{ protected: { '/_p/': 'p' }, static: { '/static/': 'assets' }, media: { '/media/': 'media' } },
    ...(framework === 'django' && { 'django-settings': 'shop.settings' }),
  };
  const answers = Object.fromEntries(
    Object.entries(given).map(([name, value]) => [name, { value, source: 'test' }]),
  );
  const { answers: resolved, problems } = resolveAnswers([{ insistent: true, answers }]);
  expect(problems).toEqual([]);
  return makePlan(resolved);
}

/** A module of any name, whose every attribute takes and gives anything. */
const STAND_IN = `
import sys, unittest.mock as mock
for name in ("werkzeug.middleware.proxy_fix", "waitress.proxy_headers", "bottle"):
    for part in range(name.count(".") + 1):
        sys.modules[".".join(name.split(".")[: part + 1])] = mock.MagicMock()
import os
if sys.argv[1] == "host":
    os.environ.update(SECRET_KEY="x", DJANGO_SECRET_KEY="y", DEPLOYED_AS="shop")
text = sys.stdin.read()
names = {"__file__": "/srv/shop/shop/behind_proxy.py"}
exec(compile(text, "behind_proxy.py", "exec"), names)
app = mock.MagicMock()
given = names["behind_proxy"](app) if "behind_proxy" in names else None
changed = given is not app or app.config.__setitem__.called
print("nothing" if given is None else "another" if changed else "as it was", names.get("STATIC_ROOT"))`;
const withPython = itNeeds({ python3: hasPython() });

function hasPython(): boolean {
  try {
    execFileSync('python3', ['--version']);
    return true;
  } catch {
    // Not here: the test says so in its name.
    return false;
  }
}

const plans = frameworks.map(({ kind }) => ({ kind, framework: planFor(kind).framework }));

it('only apps that the server itself tells of the client need none', () => {
  const without = plans.filter(({ framework }) => framework.snippet === null).map(({ kind }) => kind);
  expect(without).toEqual(['fastapi', 'starlette']);
});

describe.each(plans.filter(({ framework }) => framework.snippet !== null))(
  'the snippet of $kind',
  ({ kind, framework }) => {
    const text = framework.snippet?.lines.join('\n') ?? '';

    it('says each thing that belongs where the app is set up', () => {
      const said = framework.wanted.filter(({ write }) => text.includes(write));
      const apart = framework.wanted.filter((one) => !said.includes(one)).map(({ name }) => name);
      expect(apart.filter((name) => name !== 'X-Accel-Redirect' && !name.startsWith('pyramid.'))).toEqual([]);
      expect(said.length).toBeGreaterThan(0);
    });

    const run = (place: 'host' | 'elsewhere') =>
      execFileSync('python3', ['-c', STAND_IN, place], { input: text, encoding: 'utf8' });

    withPython('runs as it stands', () => {
      expect(run('host')).toBe(kind === 'django' ? 'nothing /srv/shop/assets\n' : 'another None\n');
    });

    withPython("leaves a developer's own run as it is", () => {
      expect(run('elsewhere')).toBe(kind === 'django' ? 'nothing None\n' : 'as it was None\n');
    });
  },
);
