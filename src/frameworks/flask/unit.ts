/** Flask: https://flask.palletsprojects.com/ */

import * as z from 'zod/mini';
import { frameworkContract, unitPlan } from '../../contract/plan.ts';
import { defineFramework } from '../../contract/unit.ts';
import { DEPLOYED_APP } from '../../words/on-host.ts';
import { migrate } from '../migrate.ts';
import { appSnippet, moduleFor, onHost, settingsPlan, wsgiAlone } from '../wanted.ts';
import { adviseFlask, BROUGHT, FLASK_KEY, wantedSettings } from './advice.ts';

const DOCS = 'https://flask.palletsprojects.com/';

export const flask = defineFramework({
  kind: 'flask',
  title: 'Flask',
  why: 'A module with an app, or a package with a create_app().',
  docs: DOCS,
  refuses: wsgiAlone('Flask'),
  distribution: 'Flask',
  // Without a mount it serves its static folder itself: slower, and right.
  assets: {},
  key: FLASK_KEY,
  bringable: BROUGHT,
  fields: { migrate },
  section: () => z.object({ ...unitPlan(), ...frameworkContract() }),

  plan(plan, answers) {
    const wanted = () => wantedSettings(plan);
    return {
      kind: 'flask',
      title: 'Flask',
      docs: DOCS,
      ...settingsPlan(plan, wanted, answers, () => appSnippet(plan, wanted())),
      modules: [() => plan.upstream.module],
      example: 'flask shell',
      exampleDoes: 'look into the app from within',
      // https://flask.palletsprojects.com/en/stable/config/#TRUSTED_HOSTS
      troubles: [{ see: '400 from the app', look: '', means: 'the name is missing from TRUSTED_HOSTS' }],
      // https://flask.palletsprojects.com/en/stable/cli/#application-discovery
      brings: () => (moduleFor(DEPLOYED_APP, answers) === undefined ? [] : [`${DEPLOYED_APP}.py`]),
      environment: [{ name: 'FLASK_APP', value: () => plan.upstream.loaded.app }, onHost(plan)],
      // Loads the app with all that it imports, and lists its routes: it stops here if it cannot be loaded.
      prepare: [{ title: 'Loading the app', words: ['flask', 'routes', '--sort', 'rule'] }],
      // https://flask-migrate.readthedocs.io/en/latest/#command-reference
      migrate: () =>
        answers.migrate ? [{ title: 'Migrating the database', words: ['flask', 'db', 'upgrade'] }] : [],
    };
  },

  wrapper: (answers) => moduleFor(DEPLOYED_APP, answers),
  files: () => [],

  validators: async () => [],
  advise: adviseFlask,
});
