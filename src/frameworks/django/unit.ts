/** Django: https://docs.djangoproject.com/ */
import * as z from 'zod/mini';
import { field } from '../../contract/field.ts';
import { frameworkContract, unitPlan } from '../../contract/plan.ts';
import { defineFramework } from '../../contract/unit.ts';
import { dottedModule, truth } from '../../contract/values.ts';
import { migrate } from '../migrate.ts';
import { moduleFor, onHost, settingsPlan } from '../wanted.ts';
import { adviseDjango, BROUGHT, DEPLOYED, DJANGO_KEY, settingsSnippet, wantedSettings } from './advice.ts';

const MANAGE = ['python', 'manage.py'];

export const django = defineFramework({
  kind: 'django',
  title: 'Django',
  why: 'A project with a manage.py and a settings module.',
  docs: 'https://docs.djangoproject.com/',
  distribution: 'Django',
  assets: { '/static/': 'staticfiles' },
  key: DJANGO_KEY,
  bringable: BROUGHT,
  fields: {
    'django-settings': field({
      schema: dottedModule,
      form: 'text',
      placeholder: 'MODULE',
      question: 'Which settings module does production use?',
      help: 'Becomes DJANGO_SETTINGS_MODULE.',
    }),
    migrate,
    collectstatic: field({
      schema: truth(),
      form: 'yes-no',
      question: 'Does each release collect the assets?',
      help: 'Runs manage.py collectstatic before a release goes live.',
      fallback: () => true,
    }),
  },
  section: () =>
    z.object({
      ...unitPlan(),
      ...frameworkContract(),
      settings: z.string(),
      /** The settings that it runs with: those, or the module that a release brings over them. */
      deployed: z.string(),
    }),

  plan(plan, answers) {
    const settings = () => answers['django-settings'];
    const deployed = () => moduleFor(DEPLOYED, answers) ?? settings();
    const wanted = () => wantedSettings(plan);
    const step = (answer: 'collectstatic' | 'migrate', title: string, ...words: string[]) =>
      answers[answer] ? [{ title, words }] : [];
    return {
      kind: 'django',
      title: 'Django',
      docs: 'https://docs.djangoproject.com/',
      settings,
      deployed,
      ...settingsPlan(plan, wanted, answers, () => settingsSnippet(settings, wanted)),
      modules: [settings, () => plan.upstream.module],
      example: [...MANAGE, 'createsuperuser'].join(' '),
      exampleDoes: 'make a first user of the app',
      troubles: [
        {
          ...{ see: '400 from the app', look: 'the app\'s journal: "Invalid HTTP_HOST header"' },
          means: 'the name is missing from ALLOWED_HOSTS',
        },
        {
          ...{ see: '403 on a form', look: "the app's journal: CSRF" },
          means: 'the app does not know that the visitor came by https',
        },
      ],
      brings: () => (deployed() === DEPLOYED ? [`${DEPLOYED}.py`] : []),
      environment: [{ name: 'DJANGO_SETTINGS_MODULE', value: deployed }, onHost(plan)],
      prepare: () => [
        { title: 'Checking the project', words: [...MANAGE, 'check', '--deploy', '--fail-level', 'ERROR'] },
        ...step(
          'collectstatic',
          'Collecting assets',
          ...MANAGE,
          'collectstatic',
          '--noinput',
          '--verbosity',
          '0',
        ),
      ],
      migrate: () => step('migrate', 'Migrating the database', ...MANAGE, 'migrate', '--noinput'),
    };
  },

  files: () => [],

  validators: async () => [],
  advise: adviseDjango,
});
