/** S1 to S5: what the app and the web server cannot do, and what a scanner says of the latter. */
import { expect } from 'vitest';
import { type GixyFinding, gixyFindings, whyWrong } from '../../../src/web-servers/nginx/gixy.ts';
import { execute } from '../harness/processes.ts';
import type { Stack } from '../harness/stack.ts';
import type { Row } from './suite.ts';

/** Runs a script as the app's worker would: its mounts, its user and groups, without any right. */
async function asApp(stack: Stack, script: string): Promise<string> {
  const [worker] = await stack.workers();
  const { app } = stack.plan.users;
  return stack.host.shell(
    `nsenter -t ${worker} -m -- setpriv --reuid ${app} --regid ${app} --init-groups --no-new-privs \
      --bounding-set=-all --inh-caps=-all sh -c '${script.replaceAll("'", "'\\''")}' 2>&1 || true`,
  );
}

/** The same as the web server's worker. */
function asWeb(stack: Stack, script: string): Promise<string> {
  const { web } = stack.plan.users;
  return stack.host.shell(
    `setpriv --reuid ${web} --regid ${web} --init-groups --no-new-privs sh -c '${script.replaceAll("'", "'\\''")}' 2>&1 || true`,
  );
}

/** The files' SHA-256; "" for one that is not there. */
async function sums(stack: Stack, paths: readonly string[]): Promise<string[]> {
  const input = `${paths.join('\n')}\n`;
  const script = 'while read -r path; do sha256sum "$path" 2>/dev/null || echo; done | cut -d " " -f 1';
  return paths.length === 0 ? [] : (await stack.host.shell(script, { input })).split('\n');
}

const lines = (text: string) => text.split('\n').filter((line) => line !== '');

/** The web server may connect to the app's socket, and nobody else. */
async function reachesTheSocketAlone(stack: Stack): Promise<void> {
  const { app, web } = stack.plan.users;
  const { socket } = stack.plan.upstream;
  expect(await stack.host.shell(`stat -c '%A %U:%G' ${socket}`)).toBe(`srw-rw---- ${app}:${web}`);
  const connect = `python3 -c 'import socket; socket.socket(socket.AF_UNIX).connect("${socket}"); print("connected")'`;
  expect(await asWeb(stack, connect)).toBe('connected');
  const nobody = await stack.host.shell(
    `setpriv --reuid nobody --regid nogroup --clear-groups ${connect} 2>&1 || true`,
  );
  expect(nobody, 'anybody else').toContain('PermissionError');
}

export const privilegeRows: Row[] = [
  {
    id: 'S1',
    lines: /Protect|Private|ReadWrite|StateDirectory|NoNewPriv|Capab|SystemCall|^User|^Group|Restrict/,
    async prove({ stack, note }) {
      const { host, plan } = stack;
      // Somebody else's app on the same host, kept as this one keeps its own.
      await host.shell(`
        id neighbour >/dev/null 2>&1 || useradd --system --user-group neighbour
        install -d -m 0755 /etc/neighbour /srv/neighbour
        install -m 0600 -o root -g root /dev/null /etc/neighbour/environment
        install -d -m 0750 -o root -g neighbour /srv/neighbour/app
        install -d -m 0750 -o neighbour -g neighbour /var/lib/neighbour
        echo secret >/srv/neighbour/app/settings.py
        echo secret >/var/lib/neighbour/db.sqlite3`);
      const writable = lines(
        await asApp(
          stack,
          'find / \\( -path /proc -o -path /sys \\) -prune -o \\( -type d -o -type f -o -type b \\) -writable -print 2>/dev/null',
        ),
      );
      const own = [plan.paths.state, ...plan.writable, ...stack.manager.folders];
      const allowed = [...own, '/tmp', '/var/tmp', '/dev/shm', '/dev/mqueue'];
      const beyond = writable.filter(
        (path) => !allowed.some((folder) => path === folder || path.startsWith(`${folder}/`)),
      );
      expect(beyond, 'what the app can write to beyond its own').toEqual([]);
      for (const folder of [plan.paths.state, ...plan.writable]) expect(writable).toContain(folder);
      note(`the app can write below ${[plan.paths.state, ...plan.writable].join(', ')}; /tmp is its own`);

      const mark = `/tmp/mark-${Date.now()}`;
      await host.shell(`touch ${mark}`);
      expect(await asApp(stack, `ls ${mark}`), 'the /tmp of others').toContain('No such file');
      const secrets = ['/etc/neighbour/environment', '/srv/neighbour/app/settings.py'].concat(
        '/var/lib/neighbour/db.sqlite3',
        '/etc/shadow',
        ...(plan.tls.here ? [plan.tls.key] : []),
      );
      for (const path of secrets)
        expect(await asApp(stack, `cat ${path} >/dev/null`), path).toMatch(/Permission denied|No such file/);
      await host.shell('userdel neighbour; rm -rf /etc/neighbour /srv/neighbour /var/lib/neighbour');
      expect(await asApp(stack, 'ls /root /home'), 'homes').toMatch(
        /Permission denied|^[^a-z]*\/home:\s+\/root:/,
      );

      for (const pid of [await stack.main(), ...(await stack.workers()), ...(await stack.background())]) {
        const status = await host.shell(`cat /proc/${pid}/status`);
        const value = (name: string) => new RegExp(`^${name}:\\s+(.*)$`, 'm').exec(status)?.[1];
        for (const set of ['CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb'])
          expect(value(set), `${set} of ${pid}`).toMatch(/^0+$/);
        expect([value('NoNewPrivs'), value('Seccomp')], `process ${pid}`).toEqual(['1', '2']);
        expect(value('Uid'), `process ${pid}`).not.toMatch(/\b0\b/);
        const groups = await host.shell(`id -G ${plan.users.app}`);
        expect(value('Groups')?.trim().split(/\s+/).join(' '), 'groups').toBe(groups);
        expect(groups.split(' ').length, 'the app is in no other group').toBe(1);
      }
    },
  },
  {
    id: 'S2',
    lines: /SocketMode|SocketGroup|SocketUser|^d |install -d/,
    async prove({ stack, note }) {
      const { plan } = stack;
      const own = [plan.paths.home, plan.paths.state, plan.paths.config];
      const readable = lines(await asWeb(stack, `find ${own.join(' ')} -type f -readable 2>/dev/null`));
      const served = [...plan.media, ...plan.protected].map(({ path }) => path);
      const assets = await stack.host.shell(`readlink -f ${plan.static.map(({ path }) => path).join(' ')}`);
      // Settings of the app server, and copies of them, hold nothing that is not in the project's deploy folder.
      const known = [...served, ...lines(assets)];
      const harmless = await sums(stack, [
        ...plan.files.map(({ path }) => path),
        `${plan.paths.records}/files`,
      ]);
      const others = readable.filter((path) => !known.some((place) => path.startsWith(`${place}/`)));
      const hashes = await sums(stack, others);
      const beyond = others.filter((_path, index) => !harmless.includes(hashes[index] ?? ''));
      const folders = [...new Set(beyond.map((path) => path.split('/').slice(0, 6).join('/')))];
      for (const place of [...lines(assets), ...served])
        expect(
          await asWeb(stack, `find ${place} ! -readable 2>&1`),
          `what the web server cannot read of ${place}`,
        ).toBe('');
      expect(await stack.host.shell(`id -nG ${plan.users.web}`), "the web server's groups").toBe(
        plan.users.web,
      );
      if (plan.upstream.inside === null) await reachesTheSocketAlone(stack);
      note(`files that the web server can read beyond assets and uploads: ${beyond.length}`);
      expect(folders, 'code or secrets that the web server can read, by folder').toEqual([]);
    },
  },
  {
    id: 'S3',
    lines: /Environment/,
    async prove({ stack, note }) {
      const { host, plan, manager } = stack;
      const text = await host.shell(`cat ${plan.paths.environment}`);
      const secrets = [...text.matchAll(/^(\w*(?:SECRET|PASSWORD|KEY|TOKEN)\w*)=(.{8,})$/gm)].map(
        ([, name = '', value = '']) => ({ name, value }),
      );
      expect(secrets.length).toBeGreaterThan(0);
      expect(await host.shell(`stat -c '%a %U:%G' ${plan.paths.environment}`)).toBe(
        `640 root:${plan.users.app}`,
      );
      const nobody = 'setpriv --reuid nobody --regid nogroup --clear-groups';
      const sources = {
        'the process list': 'ps axww',
        'the process list with environments, for another user': `${nobody} ps axwwe`,
        'what the manager shows': `${plan.processManager.show}; systemctl show ${plan.name}.service 2>/dev/null || true`,
        'the same for another user': `${nobody} systemctl show ${plan.name}.service || true`,
        'the log': manager.log,
        'the whole journal': 'journalctl -o cat --no-pager',
        "the web server's logs": `cat ${plan.webServer.accessLog} ${plan.webServer.errorLog}`,
      };
      for (const [what, script] of Object.entries(sources)) {
        const shown = await host.shell(script);
        for (const { name, value } of secrets)
          expect(shown.includes(value), `${name} is in ${what}`).toBe(false);
      }
      for (const { name, value } of secrets) {
        const found = await host.shell(
          `${nobody} grep -rlsF -e '${value}' /etc /srv /var /usr/local /run /tmp /opt || true`,
        );
        expect(found, `files with ${name} that anybody can read`).toBe('');
        const any = await host.shell(`grep -rlsF -e '${value}' /etc /srv /var /usr/local /run || true`);
        expect(any, `files with ${name}`).toBe(plan.paths.environment);
      }
      note(secrets.map(({ name }) => name).join(', '));
    },
  },
  {
    id: 'S4',
    lines: /Protect|Private|Restrict|SystemCall|NoNewPriv|Capab|UMask/,
    async prove({ stack, note }) {
      const { exposure } = stack.manager;
      const values = lines(await stack.host.shell(exposure.join('\n'))).map(Number);
      note(`exposure ${values.join(', ')}`);
      expect(values).toHaveLength(exposure.length);
      expect(Math.max(...values)).toBeLessThanOrEqual(1.5);
      expect(Math.min(...values)).toBeGreaterThan(0);
    },
  },
  {
    id: 'S5',
    lines: /server_tokens|ssl_|add_header|proxy_pass|alias/,
    async prove({ stack, note }) {
      // All of the configuration as nginx itself reads it, and takes it: a bad one fails here. Without the version,
      // by which gixy-ng would list what Debian has long mended under the same number.
      const configuration = await stack.host.shell('nginx -T 2>/dev/null');
      const { stdout, stderr } = await execute(['gixy', '--format', 'json', '-'], { input: configuration });
      const findings = gixyFindings(stdout);
      if (findings === undefined) throw new Error(`gixy-ng says nothing: ${stderr}`);
      const generated = stack.plan.files.map(({ path }) => path);
      const [own, others] = [true, false].map((ours) =>
        findings.filter(({ file }) => generated.includes(file) === ours),
      ) as [GixyFinding[], GixyFinding[]];
      const aside = own.flatMap((one) =>
        whyWrong(one, stack.plan) === undefined
          ? []
          : [`${one.plugin} left aside: ${whyWrong(one, stack.plan)}`],
      );
      for (const text of new Set(aside)) note(text);
      for (const { plugin, file, line } of others) note(`not ours: ${plugin} in ${file}:${line}`);
      const told = own
        .filter((finding) => whyWrong(finding, stack.plan) === undefined)
        .map(({ plugin, file, line, reason }) => `${plugin} in ${file}:${line}: ${reason}`);
      expect(told).toEqual([]);
    },
  },
];
