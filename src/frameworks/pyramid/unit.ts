/** Pyramid: https://trypyramid.com/ */
import * as z from 'zod/mini';
import { field } from '../../contract/field.ts';
import { type CommonPlan, frameworkContract, unitPlan } from '../../contract/plan.ts';
import { defineFramework } from '../../contract/unit.ts';
import { projectPath } from '../../contract/values.ts';
import { accelRedirect, proxyHeaders } from '../forwarded.ts';
import { advisePlain, plainFields, plainPlan } from '../plain.ts';
import { ownKey, python, type Wanted, wsgiAlone } from '../wanted.ts';

const NARRATIVE = 'https://docs.pylonsproject.org/projects/pyramid';

/** The object of the module that the deployment brings: what an ini file makes, as every server can load it. */
export const PASTE_APP = 'paste_app:application';

const named = { kind: 'pyramid', title: 'Pyramid', docs: `${NARRATIVE}/en/latest/` };

/** What the app has to set, given the plan. */
const wanted = (plan: CommonPlan): Wanted[] => [
  proxyHeaders('X-Forwarded-For'),
  {
    setting: 'pyramid.includes',
    docs: `${NARRATIVE}-debugtoolbar/en/latest/`,
    write: 'pyramid.includes =',
    apart: true,
    level: 'error',
    why: 'With pyramid_debugtoolbar in it, every error page lets the visitor run code.',
    fits: (value) => !String(value).includes('debugtoolbar'),
    defaultFits: true,
  },
  {
    setting: 'pyramid.reload_templates',
    docs: `${NARRATIVE}/en/latest/narr/environment.html#reloading-templates`,
    write: 'pyramid.reload_templates = false',
    apart: true,
    why: 'Otherwise each request looks for newer templates.',
    fits: (value) => !['true', 'yes', 'on', '1'].includes(String(value).toLowerCase()),
    defaultFits: true,
  },
  ownKey(plan, 'SECRET_KEY', {
    setting: 'session secret',
    docs: `${NARRATIVE}/en/latest/narr/sessions.html#using-the-default-session-factory`,
    write: (variable) => `SignedCookieSessionFactory(os.environ[${python(variable)}])`,
    apart: true,
    quiet: true,
    defaultFits: true,
  }),
  ...accelRedirect(plan, 'a FileResponse works too, but ties one up.'),
];

export const pyramid = defineFramework({
  ...named,
  why: 'A package with an ini file and an entry point for Paste, or a module that calls make_wsgi_app().',
  refuses: wsgiAlone('Pyramid'),
  distribution: 'pyramid',
  // Pyramid needs pkg_resources, which newer ones have no more; only from 2.1 on does it say so itself.
  // https://github.com/Pylons/pyramid/blob/2.1-branch/CHANGES.rst
  needs: ['setuptools<81'],
  // Without a mount the app serves its files itself: slower, and right.
  assets: {},
  fields: {
    ...plainFields,
    'paste-ini': field({
      schema: projectPath,
      form: 'text',
      placeholder: 'FILE',
      question: 'Which ini file makes the app?',
      help: 'Relative to the app; add #NAME for an app in it other than [app:main]. Its [server:main] is not used.',
      // Of another object than this, it makes nothing.
      when: [{ answer: 'app', is: [PASTE_APP] }],
    }),
  },
  section: () => z.object({ ...unitPlan(), ...frameworkContract(), ini: z.string() }),
  plan(plan, answers) {
    const plain = plainPlan(named, plan, () => wanted(plan), answers);
    const ini = () => answers['paste-ini'] ?? '';
    return {
      ...plain,
      ini,
      // The release brings the module that the app server loads.
      brings: () => (ini() === '' ? [] : ['paste_app.py']),
      modules: () => (ini() === '' ? plain.modules() : []),
      example: () => (ini() === '' ? plain.example : `pshell ${ini().split('#')[0]}`),
      exampleDoes: () => (ini() === '' ? plain.exampleDoes : 'look into the app from within'),
    };
  },
  files: () => [],
  validators: async () => [],
  advise: (plan, detection) => advisePlain(wanted(plan), plan, detection),
});
