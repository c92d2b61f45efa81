/** The key that an app signs with: made on the host wherever the source reads it from a variable, and never left public. */
import { describe, expect, it } from 'vitest';
import { detectedLayer } from '../../src/answers/detected.ts';
import { resolveAnswers } from '../../src/answers/resolve.ts';
import { detect } from '../../src/detect/index.ts';
import { DETECTIONS } from '../../src/detections.ts';
import { makePlan } from '../../src/plan/plan.ts';
import { unitsOfPlan } from '../../src/units.ts';
import { adviceFindings } from '../../src/words/advice.ts';
import { memoryProject, startproject } from '../detect/memory-project.ts';
import { planned } from '../support/plan.ts';

const KEY = 'k3y-that-nobody-may-see';

/** What a project leads to: the variables that the host fills in by itself, and what is said of the app's settings. */
function outcome(files: Record<string, string>, given: Record<string, unknown> = {}) {
  const project = files['manage.py'] === undefined ? memoryProject(files) : startproject(files);
  const { detection } = detect(project, DETECTIONS);
  if (detection === undefined) throw new Error('nothing was found');
  const more = { name: 'shop', domains: ['shop.example'], ...given };
  const answers = Object.fromEntries(
    Object.entries(more).map(([name, value]) => [name, { value, source: 'test' }]),
  );
  const resolution = resolveAnswers([{ insistent: true, answers }, detectedLayer(detection)]);
  expect(resolution.problems).toEqual([]);
  const plan = makePlan(resolution.answers);
  const advice = unitsOfPlan(plan).framework.advise(planned(plan), detection);
  expect(JSON.stringify({ detection, advice, plan })).not.toContain(KEY);
  const ofKeys = advice.filter(({ setting }) => /secret/i.test(setting));
  const findings = adviceFindings(ofKeys, plan.framework.title).filter(({ level }) => level === 'error');
  return { plan, errors: findings.map(({ message, remedy }) => `${message} ${remedy}`), advice };
}

const django = (setting: string) => ({
  'manage.py':
    'import os\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "mysite.settings")\nfrom django.core.management import execute_from_command_line\n',
  'mysite/settings.py': `import os\n${setting}\nDEBUG = False\nROOT_URLCONF = "mysite.urls"\n`,
});
const flask = (setting: string) => ({
  'app.py': `import os\nfrom flask import Flask\napp = Flask(__name__)\n${setting}\n`,
});
const starlette = (secret: string) => ({
  'main.py': `import os\nfrom starlette.applications import Starlette\nfrom starlette.middleware import Middleware\nfrom starlette.middleware.sessions import SessionMiddleware\napp = Starlette(middleware=[Middleware(SessionMiddleware, secret_key=${secret})])\n`,
});
const pyramid = (secret: string) => ({
  'app.py': `import os\nfrom pyramid.config import Configurator\nfrom pyramid.session import SignedCookieSessionFactory\nconfig = Configurator(session_factory=SignedCookieSessionFactory(${secret}))\napp = config.make_wsgi_app()\n`,
});

describe('a key from a variable is made on the host, whatever the variable is called', () => {
  it.each([
    ['django', django(`SECRET_KEY = os.environ.get("LEDGER_KEY", "${KEY}")`)],
    ['django', django('SECRET_KEY = os.environ["LEDGER_KEY"]')],
    ['django', django(`SECRET_KEY = os.environ.get("LEDGER_KEY") or "${KEY}"`)],
    ['django', django(`SECRET_KEY = os.getenv("LEDGER_KEY")\nif not SECRET_KEY:\n    SECRET_KEY = "${KEY}"`)],
    [
      'django',
      django(
        `MODE = os.environ.get("MODE")\nif MODE == "dev":\n    SECRET_KEY = "${KEY}"\nelse:\n    SECRET_KEY = os.environ["LEDGER_KEY"]`,
      ),
    ],
    ['flask', flask(`app.secret_key = os.environ.get("LEDGER_KEY", "${KEY}")`)],
    ['flask', flask(`app.config["SECRET_KEY"] = os.environ["LEDGER_KEY"]`)],
    ['starlette', starlette(`os.environ.get("LEDGER_KEY", "${KEY}")`)],
    ['pyramid', pyramid(`os.environ.get("LEDGER_KEY", "${KEY}")`)],
  ])('%s: %j', (_framework, files) => {
    const { plan, errors, advice } = outcome(files);
    expect(plan.environment.generated).toEqual(['LEDGER_KEY']);
    expect(plan.environment.open).toContain('LEDGER_KEY');
    expect(plan.environment.optional).not.toContain('LEDGER_KEY');
    expect(plan.environment.manual).not.toContain('LEDGER_KEY');
    expect(errors).toEqual([]);
    const said = advice.find(({ setting }) => setting === 'SECRET_KEY');
    if (said !== undefined) expect(said).toMatchObject({ state: 'set' });
  });

  it('leaves alone what says where the key lies, or which of several it is', () => {
    const file = outcome(django('SECRET_KEY = open(os.environ["SECRET_KEY_FILE"]).read()'));
    expect(file.plan.environment.generated).toEqual(['DJANGO_SECRET_KEY']);
    expect(file.plan.environment.manual).toEqual(['SECRET_KEY_FILE']);
    expect(file.errors).toEqual([]);
    const mode = outcome(django(`SECRET_KEY = {"prod": "${KEY}"}[os.environ.get("APP_ENV", "prod")]`));
    expect(mode.plan.environment.generated).toEqual(['DJANGO_SECRET_KEY']);
    expect(mode.errors).toHaveLength(1);
  });
});

describe('a key in the source, with no variable to replace it, is an error that says what to write', () => {
  it.each([
    ['django', django(`SECRET_KEY = "${KEY}"`), 'SECRET_KEY = os.environ["DJANGO_SECRET_KEY"]'],
    ['flask', flask(`app.secret_key = "${KEY}"`), 'app.config["SECRET_KEY"] = os.environ["SECRET_KEY"]'],
    [
      'flask',
      flask(`app.config.update(SECRET_KEY="${KEY}")`),
      'app.config["SECRET_KEY"] = os.environ["SECRET_KEY"]',
    ],
    ['starlette', starlette(`"${KEY}"`), 'secret_key=os.environ["SECRET_KEY"]'],
    ['pyramid', pyramid(`"${KEY}"`), 'SignedCookieSessionFactory(os.environ["SECRET_KEY"])'],
  ])('%s: %j', (_framework, files, wanted) => {
    const { errors } = outcome(files);
    expect(errors).toEqual([expect.stringContaining(wanted)]);
    expect(errors[0]).toContain('written in the source');
  });

  it("so is a session's secret in an ini file of Pyramid", () => {
    const { errors } = outcome({
      'production.ini': `[app:main]\nuse = call:shop:main\nsession.secret = ${KEY}\n`,
      'shop.py':
        'from pyramid.config import Configurator\ndef main(global_config, **settings):\n    return Configurator(settings=settings).make_wsgi_app()\n',
    });
    expect(errors).toEqual([expect.stringContaining('session secret is written in the source')]);
  });

  it('so is one whose variable a person took away', () => {
    const { errors } = outcome(django(`SECRET_KEY = os.environ.get("LEDGER", "${KEY}")`), {
      'env-keys': [],
    });
    expect(errors).toEqual([expect.stringContaining('--env-key LEDGER')]);
  });
});

it('says nothing of a key to apps that have none', () => {
  const { plan, advice } = outcome({ 'main.py': 'from fastapi import FastAPI\napp = FastAPI()\n' });
  expect(plan.environment.generated).toEqual([]);
  expect(advice.map(({ setting }) => setting)).not.toContain('secret_key');
});
