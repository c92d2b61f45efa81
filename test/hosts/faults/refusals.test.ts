/** A host that is not as the installer needs it: a clear refusal, all of it at once, and nothing changed. */
import { describe, expect } from 'vitest';
import { SERVICES } from '../conformance/stacks.ts';
import { makeCertificate } from '../harness/certificates.ts';
import { expectRefusal, expectUnchanged, stateOf } from '../harness/refusal.ts';
import { onTarget, scene, served } from './scene.ts';

describe('a host that nothing is installed on yet', () => {
  const { it, stack } = scene(onTarget('debian-13'), { installed: false });

  it('refuses a user who is not root', async () => {
    const { host, plan, place } = stack();
    await stack().bring();
    await host.shell(`rm -rf /opt/project && cp -R ${place} /opt/project && chmod -R a+rX /opt/project`);
    const output = await expectUnchanged(stack(), /run this as root/, async () => {
      const { status, stdout } = await host.run(
        ...['runuser', '-u', 'nobody', '--', 'sh', '-c', 'sh /opt/project/deploy/install.sh 2>&1'],
      );
      return { status, output: stdout };
    });
    expect(output, 'all that is wrong at once').toContain(plan.tls.certificate);
  });

  it('refuses a host without systemd, or with packages that are too old for the files', async () => {
    const { host, place } = stack();
    await stack().configure('--nginx-version', '1.29.7');
    await stack().bring();
    const without = 'mount -t tmpfs none /run/systemd && mount --bind /tmp/os-release /etc/os-release';
    await host.shell('printf \'ID=ubuntu\\nVERSION_ID="24.04"\\n\' >/tmp/os-release');
    const output = await expectUnchanged(stack(), /systemd does not run/, async () => {
      const { status, stdout } = await host.run(
        ...['unshare', '--mount', 'sh', '-c', `${without} && sh ${place}/deploy/install.sh 2>&1`],
      );
      return { status, output: stdout };
    });
    expect(output).toMatch(/these files need nginx 1\.29\.7 or newer, and this host has 1\.26\./);
    expect(output).toContain('this host is ubuntu-24.04: run deploy-scaffold init again');
    expect(output).toContain('nothing was changed');
    await stack().configure('--nginx-version', '1.26.3');
  });

  it('refuses a host without apt, by its name', async () => {
    const { host, place } = stack();
    await stack().bring();
    const without =
      'mount --bind /dev/null /usr/bin/dpkg-query && mount --bind /tmp/os-release /etc/os-release';
    await host.shell('printf \'ID=rocky\\nVERSION_ID="10"\\n\' >/tmp/os-release');
    const output = await expectUnchanged(stack(), /this host is rocky-10, without apt/, async () => {
      const { status, stdout } = await host.run(
        ...['unshare', '--mount', 'sh', '-c', `${without} && sh ${place}/deploy/install.sh 2>&1`],
      );
      return { status, output: stdout };
    });
    expect(output).toContain('nothing was changed');
  });

  it('refuses a host that lacks programs, and names all of them with their packages', async () => {
    const { host, place } = stack();
    await stack().bring();
    const without = 'chmod a-x /usr/bin/ss /usr/bin/flock /usr/bin/openssl';
    const overlay =
      'mount -t overlay -o lowerdir=/usr/bin,upperdir=/tmp/less/up,workdir=/tmp/less/work none /usr/bin';
    await host.shell(
      'mkdir -p /tmp/less && mount -t tmpfs none /tmp/less && mkdir /tmp/less/up /tmp/less/work',
    );
    const lacking = (...words: string[]) =>
      host.run(
        ...['unshare', '--mount', 'sh', '-c'],
        `${overlay} && ${without} && sh ${place}/deploy/install.sh ${words.join(' ')} 2>&1`,
      );
    try {
      const output = await expectUnchanged(stack(), /lacks the programs/, async () => {
        const { status, stdout } = await lacking();
        return { status, output: stdout };
      });
      expect(output).toContain(
        'flock (util-linux), ss (iproute2), openssl (openssl): install their packages first (apt-get --no-remove install util-linux iproute2 openssl); nothing was changed',
      );
      // What a cut-off run left is taken back all the same.
      expect((await lacking('--recover')).stdout).not.toContain('lacks');
    } finally {
      await host.shell('umount /tmp/less');
    }
  });

  it('refuses when the certificate is missing', async () => {
    await expectRefusal(stack(), /fullchain.pem is missing: put the certificate and its key there/);
  });

  it('refuses a certificate for another name, or with the key of another', async () => {
    const { host, plan } = stack();
    await stack().bringCertificate(await makeCertificate(['shop.example', 'other.example']));
    await host.put(plan.tls.key, (await makeCertificate(['other.example'])).key, { mode: '0600' });
    const output = await expectRefusal(stack(), /fullchain\.pem is not for www\.shop\.example/);
    expect(output).toMatch(/privkey\.pem is not the key of /);
    expect(output).not.toContain('is not for shop.example');
    await stack().bringCertificates();
  });

  it("refuses somebody else's user, files and data", async () => {
    const { host, plan } = stack();
    const site = plan.files[0]?.path ?? '';
    await host.shell(`useradd --system ${plan.name}
      install -d -o games ${plan.paths.state}
      echo '# mine' >${site}`);
    const output = await expectRefusal(stack(), /there is a user/);
    expect(output).toContain(`${plan.paths.state} exists`);
    expect(output).toContain(`${site} exists, and this installer did not write it`);
    await host.shell(`userdel ${plan.name}; rmdir ${plan.paths.state}; rm ${site}`);
  });

  it('refuses a configuration that nginx itself rejects already', async () => {
    await stack().host.shell("echo 'no_such_word on;' >/etc/nginx/conf.d/broken.conf");
    await expectRefusal(
      stack(),
      /nginx rejects the configuration that it has now: .*unknown directive "no_such_word"/,
    );
    await stack().host.shell('rm /etc/nginx/conf.d/broken.conf');
  });

  it('refuses a port that another program has, and names it', async () => {
    const { host } = stack();
    await host.shell(
      'systemctl stop nginx && systemd-run --quiet --unit=other python3 -m http.server 80 && sleep 1',
    );
    await expectRefusal(stack(), /port 80 is taken by python3/);
    await host.shell('systemctl stop other && systemctl start nginx');
  });

  it('refuses a host without room, with the figures', async () => {
    const { host } = stack();
    await host.shell(`fallocate -l $(($(df -Pk / | awk 'NR == 2 { print $4 }') - 100000))K /filler`);
    await expectRefusal(stack(), /there are \d+ MB free in \/srv, and a release needs 300/);
    await host.shell('rm /filler');
  });

  it('says in a dry run what it would do, and does nothing', async () => {
    const before = await stateOf(stack());
    const { status, output } = await stack().tryInstall('--dry-run');
    expect(output).toContain('Nothing was changed');
    expect(status, output).toBe(0);
    expect(output).toMatch(/^\+ {4}server_name shop\.example;$/m);
    expect(await stateOf(stack())).toBe(before);
  });

  it('installs where nothing is in the way any more', async () => {
    expect(await stack().install()).toContain('https://shop.example is up');
    expect(await served(stack())).toBe('1.0.0');
  });

  it('refuses another app of the same name', async () => {
    await stack().scaffoldFrom({ domains: ['other.example'], app: 'other.wsgi:application' });
    const output = await expectRefusal(
      stack(),
      /is another app, contracts_site\.wsgi:application at shop\.example/,
    );
    expect(output).toContain('take another --name');
  });

  it('refuses another app of the same domain', async () => {
    await stack().scaffoldFrom({ name: 'second', domains: ['www.shop.example'] });
    await expectRefusal(stack(), /serves www\.shop\.example already/);
    expect(await served(stack())).toBe('1.0.0');
  });

  it('takes a second app in, and lets the first go without it', async () => {
    const { host, plan } = stack();
    await stack().scaffoldFrom({ name: 'second', domains: ['second.example'] });
    const { chain, key } = await makeCertificate(['second.example']);
    await host.put('/etc/ssl/second/fullchain.pem', chain);
    await host.put('/etc/ssl/second/privkey.pem', key, { mode: '0600' });
    const second = () => host.fetch('https://second.example/echo', { insecure: true });
    const uninstall = (name: string) =>
      host.shell(`sh /srv/${name}/current/kit/install.sh --uninstall --purge 2>&1`);

    await stack().install();
    expect([await served(stack()), (await second()).status]).toEqual(['1.0.0', 200]);
    await uninstall(plan.name);
    expect((await second()).status, 'the second goes on').toBe(200);
    await expect(host.fetch(`http://${plan.site.canonical}/`), 'an unknown name').rejects.toThrow();
    await uninstall('second');
    expect(await host.shell('dpkg --verify nginx-common; readlink /etc/nginx/sites-enabled/default')).toBe(
      '/etc/nginx/sites-available/default',
    );
    expect((await host.fetch(`http://${plan.site.canonical}/`)).text).toContain('Welcome to nginx');
  });
});

describe('a host on which a name of a service is taken', () => {
  const { it, stack } = scene(
    { ...onTarget('debian-13'), project: 'django-services', answers: SERVICES },
    { installed: false },
  );

  it('refuses, says whose it is, and changes nothing', async () => {
    const { host, plan } = stack();
    const records = `/var/lib/deploy-scaffold/${plan.name}-live`;
    const timer = `/usr/lib/systemd/system/${plan.name}-tools.timer`;
    await host.shell(`install -d ${records} && printf '%s\\n' 'other:app other.example' >${records}/app
      printf '[Timer]\\nOnCalendar=daily\\n' >${timer}`);
    const output = await expectRefusal(
      stack(),
      /the name \S+-live is taken on this host, by the app \S+-live:/,
    );
    expect(output).toContain(`the name ${plan.name}-tools is that of ${timer}, of this host itself`);
    await host.shell(`rm -r ${records} ${timer}`);
    await stack().bringCertificates();
    const again = await stack().tryInstall('--dry-run');
    expect(again.output).not.toMatch(/the name \S+ is/);
    expect(again.status, again.output).toBe(0);
  });
});
