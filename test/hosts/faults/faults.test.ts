/** What can go wrong on a day: the site serves the old version or the new one, never neither, and it is said why. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { moduleOf, withEdit } from '../conformance/installer.ts';
import { until } from '../harness/processes.ts';
import { expectRefusal, expectUnchanged } from '../harness/refusal.ts';
import { onTarget, scene, served, servedAgain } from './scene.ts';

describe('an app that is live', () => {
  const { it, stack } = scene(onTarget('debian-13'), { installed: true });

  it('goes on when the new release is broken: when it loads', async () => {
    await withEdit(
      moduleOf(stack()),
      (text) => `import nothing_of_that_name\n${text}`,
      () => expectRefusal(stack(), /No module named 'nothing_of_that_name'/),
    );
    expect(await served(stack())).toBe('1.0.0');
  });

  it('goes on when the new release is broken: when it is asked', async () => {
    const broken = `
def application(environ, start_response):
    start_response("500 Broken", [("Content-Type", "text/plain")])
    return [b"broken"]
`;
    await withEdit(
      moduleOf(stack()),
      (text) => text + broken,
      () => expectRefusal(stack(), /by itself, the release answers 500 for \/healthz/),
    );
    expect(await served(stack())).toBe('1.0.0');
  });

  it('goes on when the new release is broken: when it loads where it is locked in', async () => {
    // A person may read this, the unit with ProcSubset=pid may not.
    await withEdit(
      moduleOf(stack()),
      (text) => `open("/proc/cpuinfo").close()\n${text}`,
      () => expectRefusal(stack(), /cannot load the app; nothing live was changed/),
    );
    expect(await served(stack())).toBe('1.0.0');
  });

  it('goes on when the certificate is missing', async () => {
    const { host, plan } = stack();
    await host.shell(`mv ${plan.tls.certificate} /root/away.pem`);
    await expectRefusal(stack(), /is missing: put the certificate and its key there/);
    expect(await served(stack())).toBe('1.0.0');
    await host.shell(`mv /root/away.pem ${plan.tls.certificate}`);
  });

  it('goes on when a file was edited on the host: the edit is shown and not overwritten without consent', async () => {
    const { host, plan } = stack();
    const site = plan.files[0]?.path ?? '';
    await host.shell(`echo '# by hand' >>${site}`);
    stack().setVersion('2.0.0');
    const output = await expectRefusal(stack(), /^\+# by hand$/m);
    expect(output).toContain(`${site} was edited on this host`);
    expect(await served(stack())).toBe('1.0.0');
    await stack().install('--overwrite-edits');
    expect(await served(stack())).toBe('2.0.0');
    expect(await host.shell(`cat ${site}`)).not.toContain('by hand');
  });

  it('goes back to the release before, with its files, and forward again', async () => {
    const { host, plan } = stack();
    await stack().configure('--max-body', '7m');
    stack().setVersion('3.0.0');
    await stack().install();
    const limit = () => host.shell(`grep -o 'client_max_body_size [0-9].*' ${plan.files[0]?.path}`);
    const [before, after] = [`client_max_body_size ${plan.body.max};`, 'client_max_body_size 7m;'];
    expect([await served(stack()), await limit()]).toEqual(['3.0.0', after]);
    expect((await stack().installer('--rollback')).status).toBe(0);
    expect([await served(stack()), await limit()]).toEqual(['2.0.0', before]);
    expect((await stack().installer('--rollback')).status).toBe(0);
    expect([await served(stack()), await limit()]).toEqual(['3.0.0', after]);
    await expectUnchanged(stack(), /there is no release 99 that was live; there are: /, () =>
      stack().installer('--live', '99'),
    );
  });

  it('goes on when the disk gets full while a release is built', async () => {
    const { host } = stack();
    stack().setVersion('4.0.0');
    await stack().bring();
    await host.shell(`cat >/root/fill.sh <<'END'
        while read -r line; do
          printf '%s\\n' "$line"
          case $line in *"$1"*) cat /dev/zero >/filler 2>/dev/null ;; esac
        done
END`);
    const filling = (moment: string) => async () => {
      const script = `sh ${stack().place}/deploy/install.sh 2>&1; echo "status $?"`;
      const { stdout } = await host.run('bash', '-c', `(${script}) | sh /root/fill.sh '${moment}'`);
      await host.shell('rm -f /filler');
      return { status: Number(/status (\d+)/.exec(stdout)?.[1]), output: stdout };
    };
    await expectUnchanged(stack(), /the disk is full: there are \d+ MB free in \/srv/, filling('Building'));
    expect(await served(stack())).toBe('3.0.0');
    // While the release is tried and switched: it gets through, or goes back, whenever the disk is full.
    const late = await filling('Trying the release')();
    if (late.status !== 0) expect(late.output).toMatch(/the disk is full/);
    expect(await served(stack())).toBe(late.status === 0 ? '4.0.0' : '3.0.0');
    await stack().install();
    expect(await served(stack())).toBe('4.0.0');
  });

  it('comes back however often its main process is killed: no start limit holds it down', async () => {
    let killed = 0;
    for (let times = 0; times < 8; times++) {
      killed = await until('another main process', 10, async () => {
        const main = await stack().main();
        return main !== 0 && main !== killed ? main : undefined;
      });
      await stack().host.kill(killed);
    }
    expect(await servedAgain(stack())).toBe('4.0.0');
    expect(await stack().host.shell(`${stack().manager.status} || true`)).not.toContain('start-limit-hit');
  });

  it('is installed though the web server is down', async () => {
    await stack().host.shell('systemctl stop nginx');
    stack().setVersion('5.0.0');
    await stack().install();
    expect(await served(stack())).toBe('5.0.0');
  });

  it('goes on when the web server cannot load what it is given', async () => {
    await stack().host.shell("echo 'no_such_word on;' >/etc/nginx/conf.d/zz.conf");
    await expectRefusal(stack(), /nginx rejects the configuration that it has now/);
    expect(await served(stack())).toBe('5.0.0');
    await stack().host.shell('rm /etc/nginx/conf.d/zz.conf');
  });

  it('goes back when the web server silently keeps its old configuration', async () => {
    const { host, plan, project } = stack();
    // A port that is free when nginx judges its files, and taken when it is told to use them.
    const site = join(project, 'deploy/root', plan.files[0]?.path ?? '');
    const text = readFileSync(site, 'utf8');
    writeFileSync(site, text.replace(/^( *)(listen 443 ssl.*)$/m, '$1$2\n$1listen 8443 ssl;'));
    try {
      await host.shell('systemd-run --quiet --unit=other python3 -m http.server 8443 && sleep 1');
      const { status, output } = await stack().tryInstall();
      expect(output).toMatch(/nginx goes on with its old configuration: .*8443/);
      expect(status).toBe(1);
      expect(await served(stack())).toBe('5.0.0');
      expect(await host.shell(`cat ${plan.files[0]?.path}`)).not.toContain('8443');
    } finally {
      writeFileSync(site, text);
      await host.shell('systemctl stop other');
    }
  });

  it('lets one installer in at a time', async () => {
    await stack().bring();
    const lock = '/run/deploy-scaffold-install.lock';
    await stack().host.shell(`systemd-run --quiet --unit=holder flock ${lock} sleep 60 && sleep 0.5`);
    await expectUnchanged(
      stack(),
      /another install\.sh, or something that it started, is still running/,
      () => stack().installer(),
    );
    await stack().host.shell('systemctl stop holder');
  });

  it('tells the journal what was done', async () => {
    const journal = await stack().host.shell(`journalctl -t ${stack().plan.name}-install -o cat`);
    expect(journal).toContain('Going live with');
    expect(journal).toContain('going back to what was live before');
  });
});
