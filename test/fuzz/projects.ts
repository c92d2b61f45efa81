/** Projects whose own texts are hostile: what detection takes from them goes into files as any answer does. */

import { detectedLayer } from '../../src/answers/detected.ts';
import type { Layer } from '../../src/answers/resolve.ts';
import { detect } from '../../src/detect/index.ts';
import { DETECTIONS } from '../../src/detections.ts';
import { memoryProject } from '../detect/memory-project.ts';

/** Python's spelling of any text. */
const literal = (text: string) =>
  `"${[...text].map((c) => (/[\w ./:@-]/.test(c) ? c : escaped(c))).join('')}"`;

function escaped(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return `\\U${code.toString(16).padStart(8, '0')}`;
}

/** Each makes a project with a text somewhere in it: a value of its settings, a folder's name, a command. */
export const PROJECTS: readonly ((text: string) => Record<string, string>)[] = [
  (text) => django(`STATIC_URL = "/static/"\nSTATIC_ROOT = BASE_DIR / ${literal(text)}\n`),
  (text) =>
    django(
      `STATIC_ROOT = "/srv/" + ${literal(text)}\nMEDIA_URL = "/media/"\nMEDIA_ROOT = BASE_DIR / "m" / ${literal(text)}\n`,
    ),
  (text) => django(`STATIC_URL = ${literal(`/${text}/`)}\nSTATIC_ROOT = "/srv/shop-static"\n`),
  (text) =>
    django(
      `DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": BASE_DIR / ${literal(text)}}}\nSTATIC_ROOT = BASE_DIR / "s"\n`,
    ),
  (text) =>
    django(
      `ALLOWED_HOSTS = [${literal(text)}]\nSECRET_KEY = os.environ[${literal(text)}]\nSTATIC_ROOT = BASE_DIR / "s"\n`,
    ),
  (text) => ({
    'requirements.txt': 'flask\n',
    'app.py': `from flask import Flask\napp = Flask(__name__, static_folder=${literal(text)}, static_url_path="/a")\n@app.route("/")\ndef index():\n    return ""\n`,
  }),
  (text) => ({
    'requirements.txt': 'flask\n',
    Procfile: `web: gunicorn app:app\nworker: celery -A shop worker -n '${text.replaceAll(/['\n]/g, '')}'\n`,
    'app.py': 'from flask import Flask\napp = Flask(__name__)\n',
  }),
  (text) => ({
    [`${text}/requirements.txt`]: 'flask\n',
    [`${text}/app.py`]: 'from flask import Flask\napp = Flask(__name__)\n',
  }),
];

function django(settings: string): Record<string, string> {
  const module = 'os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")\n';
  return {
    'manage.py': `import os\n${module}from django.core.management import execute_from_command_line\n`,
    'requirements.txt': 'django\n',
    'shop/__init__.py': '',
    'shop/wsgi.py': `import os\n${module}from django.core.wsgi import get_wsgi_application\napplication = get_wsgi_application()\n`,
    'shop/settings.py': `import os\nfrom pathlib import Path\nBASE_DIR = Path(__file__).resolve().parent.parent\nDEBUG = False\nWSGI_APPLICATION = "shop.wsgi.application"\n${settings}`,
  };
}

/** What `init --yes` would take from a project, with a domain from a flag. */
export function layersOf(files: Record<string, string>): Layer[] {
  const { detection } = detect(memoryProject(files), DETECTIONS);
  const flags: Layer = {
    insistent: true,
    answers: {
      domains: { value: ['shop.example'], source: '--domain' },
      name: { value: 'shop', source: '--name' },
    },
  };
  return detection === undefined ? [flags] : [flags, detectedLayer(detection)];
}
