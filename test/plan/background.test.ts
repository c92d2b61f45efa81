/** What works in the background: from the answers to the units. */
import { describe, expect, it } from 'vitest';
import { templates } from '#templates';
import { resolveAnswers } from '../../src/answers/resolve.ts';
import { renderKit } from '../../src/kit/kit.ts';
import { tracePlan } from '../../src/plan/plan.ts';
import { answersBehind } from '../../src/plan/trace.ts';

function planned(given: Record<string, unknown>) {
  const answers = {
    name: 'shop',
    domains: ['shop.example'],
    target: 'debian-13',
    framework: 'django',
    app: 'shop.wsgi:application',
    'django-settings': 'shop.settings',
    tls: 'none',
    ...given,
  };
  const said = Object.entries(answers).map(([name, value]) => [name, { value, source: 'here' }]);
  const { answers: valid, problems } = resolveAnswers([
    { insistent: true, answers: Object.fromEntries(said) },
  ]);
  return {
    problems: problems.map(({ path, message }) => `${path}: ${message}`),
    plan: () => tracePlan(valid).value,
    origins: () => tracePlan(valid).origins,
  };
}

const COMMANDS = {
  worker: "celery -A shop worker -n 'w 1@%h' -Q '$x'",
  beat: 'celery -A shop beat -s {state}/beat',
  other: '/usr/bin/python3 -m queue',
};

describe('what works in the background', () => {
  it('is planned with whole paths and a time to finish', () => {
    const { background, processManager, patience } = planned({
      background: COMMANDS,
      'background-timeout': 600,
    }).plan();
    expect(background).toEqual([
      {
        name: 'worker',
        id: 'shop-worker',
        text: COMMANDS.worker,
        command: ['/srv/shop/current/venv/bin/celery', '-A', 'shop', 'worker', '-n', 'w 1@%h', '-Q', '$x'],
        stopSignal: 'SIGTERM',
      },
      expect.objectContaining({
        command: ['/srv/shop/current/venv/bin/celery', '-A', 'shop', 'beat', '-s', '/var/lib/shop/beat'],
      }),
      expect.objectContaining({ command: ['/usr/bin/python3', '-m', 'queue'] }),
    ]);
    expect(patience).toMatchObject({ background: 600, backgroundStop: 610 });
    expect(processManager.restart).toBe(
      'systemctl restart shop.service shop-worker.service shop-beat.service shop-other.service',
    );
  });

  // Read in huey/consumer.py: INT finishes, TERM interrupts, unless told otherwise.
  it.each([
    ['python manage.py run_huey', 'SIGINT'],
    ['huey_consumer.py shop.huey', 'SIGINT'],
    ['python manage.py run_huey --graceful-signal TERM', 'SIGTERM'],
    ['rq worker', 'SIGTERM'],
  ])('finishes on the signal that it knows: %s', (command, signal) => {
    expect(planned({ background: { x: command } }).plan().background[0]?.stopSignal).toBe(signal);
  });

  it('is refused where a name or a command cannot be meant', () => {
    const { problems } = planned({
      background: { 'a.b': 'celery', ok: 'celery', 'x;y': 'celery', bad: 'celery | tee', Big: 'celery' },
    });
    const name = 'must be a name of at most 31 lower-case letters, digits and hyphens, for instance worker';
    expect(problems).toEqual([
      `background.a.b: ${name}`,
      `background.x;y: ${name}`,
      expect.stringMatching(/^background\.bad: has \| in it/),
      `background.Big: ${name}`,
    ]);
    expect(planned({ background: { x: 1 } }).problems).toEqual([
      'background.x: must be a text; put it in quotes',
    ]);
    expect(planned({ background: ['celery'] }).problems).toEqual([
      'background: must be a map of NAME to COMMAND',
    ]);
  });

  it('has a unit each, with the values of its own and the same sandbox as the app', () => {
    const plan = planned({ background: COMMANDS }).plan();
    const files = renderKit(plan, templates);
    const unit = (name: string) => {
      const file = files.find(({ path }) => path === `root/etc/systemd/system/${name}.service`);
      if (file === undefined) throw new Error(`there is no ${name}.service`);
      return file;
    };
    const line = (name: string, start: string) =>
      unit(name)
        .text.split('\n')
        .filter((one) => one.startsWith(start));
    expect(line('shop-worker', 'ExecStart=')).toEqual([
      'ExecStart=/srv/shop/current/venv/bin/celery -A shop worker -n "w 1@%%h" -Q $$x',
    ]);
    expect(line('shop-beat', 'ExecStart=')).toEqual([
      'ExecStart=/srv/shop/current/venv/bin/celery -A shop beat -s /var/lib/shop/beat',
    ]);
    const sandbox = (name: string) => unit(name).text.split('[Install]')[0]?.split('\nWorkingDirectory=')[1];
    expect(sandbox('shop-worker')).toBe(sandbox('shop'));
    expect(sandbox('shop')).toContain('SystemCallErrorNumber=EPERM');
  });

  it('has every line explained from the item and the template that it came from', () => {
    const plan = planned({ background: COMMANDS }).plan();
    const file = renderKit(plan, templates).find(({ path }) => path.endsWith('shop-beat.service'));
    const origin = (start: string) =>
      file?.lines[file.text.split('\n').findIndex((line) => line.startsWith(start))];
    expect(origin('ExecStart=')).toMatchObject({
      template: 'templates/process-managers/systemd/background.service.hbs',
      uses: ['background.1.command'],
      reason: { text: expect.stringContaining('exactly once') },
    });
    expect(origin('User=')).toMatchObject({
      template: 'templates/host/sandbox.service.hbs',
      uses: ['users.app'],
      reason: { links: [expect.stringContaining('#User=')] },
    });
    const origins = planned({ background: COMMANDS }).origins();
    expect(answersBehind('background.1.command', origins)).toEqual(['background', 'name']);
    expect(answersBehind('patience.backgroundStop', origins)).toEqual(['background-timeout']);
  });
});
