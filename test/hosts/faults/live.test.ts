/** What "is up" means: the new configuration and the new release answer, and nothing of what was there before. */
import { describe, expect, vi } from 'vitest';
import { moduleOf, withEdit } from '../conformance/installer.ts';
import { told, unharmed } from '../conformance/measure.ts';
import { underLoad } from '../conformance/operations.ts';
import { expectRefusal } from '../harness/refusal.ts';
import type { Stack } from '../harness/stack.ts';
import { scene, served } from './scene.ts';

/** Releases and first installs in a row. */
const RUNS = 5;

const TLS = ['--tls', 'files'];

for (const [title, flags] of [
  ['nginx', TLS],
  ['Apache', [...TLS, '--web-server', 'apache']],
] as const) {
  describe(`${title}, on a host with nothing but its own page`, () => {
    const { it, stack } = scene(
      { project: 'wsgi-contracts', target: 'debian-13', flags, answers: { background: {} } },
      { installed: false },
    );
    vi.setConfig({ testTimeout: 1_800_000 });

    it('is not up where the web server may not reach the app: the socket and both users are named', async () => {
      await stack().bringCertificates();
      const wrong = await stack().answered(...flags, '--web-user', 'games');
      const { status, output } = await wrong.tryInstall();
      expect(output).toMatch(
        /answers 50[23]: it runs as www-data, which may not connect to \/run\/\S+ \(srw-rw---- \S+:games\); the answer web-user says games/,
      );
      expect(output).toContain('going back to what was live before');
      expect(output).not.toContain('is up');
      expect(status).toBe(1);
      const { paths } = wrong.plan;
      expect(await wrong.host.shell(`test -e ${paths.current} || echo none`)).toBe('none');
    });

    it(`is up for the first visitor too: ${RUNS} times in a row, none sees what was there before`, async () => {
      const { host } = stack();
      const right = await stack().answered(...flags, '--web-user', 'www-data');
      for (let run = 1; run <= RUNS; run++) {
        // Every third time the app is new to the host, which has the web server's own page.
        if (run % 3 === 1 && run > 1) {
          expect((await right.installer('--uninstall')).status).toBe(0);
          await expectOwnPage(right);
        }
        right.setVersion(`run-${run}`);
        await right.bring();
        const asked = `sh ${right.place}/deploy/install.sh && for i in 1 2 3 4 5 6; do
          curl --silent --insecure --resolve ${right.plan.site.canonical}:443:127.0.0.1 --write-out ' %{http_code}\\n' ${right.url('/echo')}
        done`;
        const answers =
          (await host.shell(asked, { seconds: 600 })).split('is up\n')[1]?.trim().split('\n') ?? [];
        expect(answers).toHaveLength(6);
        for (const answer of answers) expect(answer, `run ${run}`).toMatch(new RegExp(`"run-${run}".* 200$`));
        expect(await served(right), `run ${run}, from outside`).toBe(`run-${run}`);
      }
    });
  });
}

/** The web server shows its own page to everybody, as Debian installs it. */
async function expectOwnPage({ host, front }: Stack): Promise<void> {
  const text = await host.shell('curl --silent http://127.0.0.1/');
  expect(text, front.constructor.name).toMatch(/Welcome to nginx|Apache2 Debian Default Page/);
}

describe('an app that is live', () => {
  const { it, stack } = scene(
    { project: 'django-contracts', target: 'debian-13', flags: TLS, answers: { background: {} } },
    { installed: true },
  );
  vi.setConfig({ testTimeout: 900_000 });

  it('goes on, and no request fails, when a release reads what the service may not: the trial stops it', async () => {
    const reads = `
inner = application


def application(environ, start_response):
    with open("/proc/meminfo"):
        return inner(environ, start_response)
`;
    const load = await underLoad(
      stack(),
      '/echo',
      () =>
        withEdit(
          moduleOf(stack()),
          (text) => text + reads,
          () =>
            expectRefusal(
              stack(),
              /No such file or directory: '\/proc\/meminfo'[\s\S]*by itself, the release does not answer \/healthz/,
            ),
        ),
      { pause: 100, most: 20_000, seconds: 300 },
    );
    expect(unharmed(load), told(load)).toBe(true);
    expect(await served(stack())).toBe('1.0.0');
  });

  it('is not up where its page leads elsewhere, unless the answers name that status', async () => {
    await stack().configure('--health', '/admin/');
    await expectRefusal(
      stack(),
      /\/admin\/ answers 302 and leads to \S*\/admin\/login\/\S*, .* health: \/admin\/ 302/,
    );
    await stack().configure('--health', '/admin/ 302');
    await stack().install();
    expect(await served(stack())).toBe('1.0.0');
  });
});
