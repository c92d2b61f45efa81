import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { dollars, inFolder, nasty, problemsOf, render, testWith, toolEnv } from '../../render/tools.ts';

const path = 'web-servers/nginx/site.conf';

const main = (
  folder: string,
  http: string,
) => `daemon off; master_process off; pid ${folder}/pid; error_log ${folder}/error.log;
events {}
http {
  access_log off; types {} default_type text/plain; map_hash_bucket_size 8192; variables_hash_bucket_size 8192;
  client_body_temp_path ${folder}/a; proxy_temp_path ${folder}/b; fastcgi_temp_path ${folder}/c;
  uwsgi_temp_path ${folder}/d; scgi_temp_path ${folder}/e;
  ${http}
}
`;

/** Starts nginx on a Unix socket, hands a GET to the body, and stops that nginx. */
async function withNginx(
  http: string,
  body: (get: (url: string) => Promise<Answer>) => Promise<void>,
): Promise<void> {
  await inFolder(async (folder) => {
    writeFileSync(join(folder, 'nginx.conf'), main(folder, http.replaceAll('FOLDER', folder)));
    const socket = join(folder, 's');
    const nginx = spawn('nginx', ['-c', join(folder, 'nginx.conf'), '-e', 'stderr'], { env: toolEnv });
    let said = '';
    nginx.stderr.on('data', (data) => {
      said += data;
    });
    const ended = once(nginx, 'exit');
    try {
      for (let i = 0; i < 100 && !existsSync(socket) && nginx.exitCode === null; i++) await sleep(20);
      if (!existsSync(socket)) throw new Error(`nginx did not start: ${said}`);
      await body((url) => get(socket, url));
    } finally {
      nginx.kill('SIGTERM');
      await ended;
    }
  });
}

interface Answer {
  status: number | undefined;
  body: string;
  headers: Record<string, string | string[] | undefined>;
}

function get(socketPath: string, url: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request({ socketPath, path: url, headers: { host: 'x' } }, async (answer) => {
      const chunks: Buffer[] = [];
      for await (const chunk of answer) chunks.push(chunk as Buffer);
      resolve({ status: answer.statusCode, body: Buffer.concat(chunks).toString(), headers: answer.headers });
    });
    asked.on('error', reject).end();
  });
}

const whole = nasty.filter((value) => value.length < 4000);

testWith(
  'nginx',
  'every value comes back byte for byte, from a token and from both kinds of quotes',
  async () => {
    const source = `server {
  listen unix:FOLDER/s;
{{#each values}}
  location = /token{{@index}} { return 200 {{this}}; }
  location = /double{{@index}} { return 200 "a{{this}}"; }
  location = /single{{@index}} { return 200 '{{this}}b'; }
{{/each}}
}
`;
    await withNginx(render(path, source, { values: whole }), async (get) => {
      for (const [index, value] of whole.entries()) {
        expect((await get(`/token${index}`)).body).toBe(value);
        expect((await get(`/double${index}`)).body).toBe(`a${value}`);
        expect((await get(`/single${index}`)).body).toBe(`${value}b`);
      }
    });
  },
);

testWith('nginx', 'headers, aliases, literal location names and map keys hold their values', async () => {
  const source = `map $uri $seen { default 0; {{key}} yes; "/x{{key}}" deep; }
server {
  listen unix:FOLDER/s;
  location {{url}} { add_header X-Value {{header}}; alias "FOLDER/{{folder}}/"; }
  location = /key { return 200 $seen; }
  location ~ "^/re/{{regex}}$" { return 200 matched; }
  location ~ ^/bare/{{regex}}$ { return 200 matched; }
  location / { return 200 $seen; }
}
`;
  const data = {
    key: '/a"$b \\;',
    url: '/st$a {b}/',
    header: 'it\'s; "q" \\',
    folder: 'a {b} "c" #',
    regex: 'a.b$(c)',
  };
  await inFolder(async (files) => {
    const text = render(path, source, data).replaceAll('FOLDER/a', `${files}/a`);
    mkdirSync(join(files, data.folder), { recursive: true });
    writeFileSync(join(files, data.folder, 'f'), 'content');
    await withNginx(text, async (get) => {
      const answer = await get('/st$a%20%7Bb%7D/f');
      expect([answer.body, answer.headers['x-value']]).toEqual(['content', data.header]);
      expect((await get('/a%22$b%20%5C;')).body).toBe('yes');
      expect((await get('/x/a%22$b%20%5C;')).body).toBe('deep');
      expect((await get('/re/a.b$(c)')).body).toBe('matched');
      expect((await get('/bare/a.b$(c)')).body).toBe('matched');
      expect((await get('/re/aXb$(c)')).body).toBe('0');
    });
  });
});

test.each(dollars)('%s cannot be held where nginx expands variables', (value) => {
  for (const place of ['{{v}}', '"{{v}}"', "'a{{v}}'", 'a{{v}}'])
    expect(problemsOf(() => render(path, `return 200 ${place};\n`, { v: value })).join()).toContain(
      'has no escape',
    );
});

test.each([
  ['add_header X $host{{v}};', 'a', 'name would go on'],
  ['add_header X "$host{{v}}";', 'a', 'name would go on'],
  ['add_header X {{#if v}}$host{{else}}a{{/if}}{{v}};', 'a', 'name would go on'],
  ['root {{v}}/x;', 'a b', 'put the whole token into quotes'],
  ['root {{v}}/x;', '"', 'put the whole token into quotes'],
  ['location {{v}} { }', '~ ^/', 'modifier'],
  ['server_name {{v}};', '~^x', 'regular expression'],
  ['map $a $b { {{v}} 1; }', 'default', 'parameter of the map'],
  ['return 200 {{v}};', 'a\nb', 'a line end'],
  ['return 200 {{v}};', 'a\0b', 'U+0000'],
  ['return 200 {{v}};', 'a\u202eb', 'U+202E'],
  ['return 200 {{v}};', '\ud800', 'U+D800'],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: Handlebars behind a $
  ['add_header X ${{v}}_y;', 'a-b', 'name of a variable'],
])('%s with %j', (source, value, message) => {
  expect(problemsOf(() => render(path, `${source}\n`, { v: value })).join()).toContain(message);
});

test.each([
  ['{{v}} on;', 'name of a directive'],
  ['a "b"{{v}};', 'closing quote'],
  ['a "{{v}};', 'middle of a directive'],
  ['server { listen 80;', 'server is not closed'],
  ['}', 'closes no block'],
  ['a \\{{v}};', 'backslash'],
  ['{{#if v}}a "b{{/if}}";', 'must end alike'],
  ['a{{#each l}}{{this}}$host{{/each}};', 'must end where it starts'],
  ['{{#each l}}server { {{/each}}', 'must end where it starts'],
])('%s does not compile', (source, message) => {
  expect(problemsOf(() => render(path, `${source}\n`, { v: 'x', l: [] })).join()).toContain(message);
});

test('values in lists, parts, conditions and comments', () => {
  const source = `# about {{v}}
server_name {{names}};
server_name{{#each names}} {{this}}{{/each}};
listen 443 ssl{{#if v}} http2{{/if}};
proxy_pass http://{{v}}:{{n}};
if ($host != {{v}}) { return 301 https://{{v}}$request_uri; }
`;
  expect(render(path, source, { v: 'a.b', n: 80, names: ['x', 'y z'] })).toBe(`# about a.b
server_name x "y z";
server_name x "y z";
listen 443 ssl http2;
proxy_pass http://a.b:80;
if ($host != a.b) { return 301 https://a.b$request_uri; }
`);
});
