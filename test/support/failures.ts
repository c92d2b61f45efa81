/** After everything else that a run prints: what failed, a line each, where the end of a long log is all that is kept. */
import type { Reporter, TestModule } from 'vitest/node';

export default class FailuresReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly { message: string }[]): void {
    const failed = [...modules.flatMap(failuresOf), ...errors.map(({ message }) => firstLine(message))];
    if (failed.length > 0) console.error(`\nFailed:\n${failed.map((one) => `  ${one}`).join('\n')}\n`);
  }
}

/** Of a test file: its failed tests, and what kept it or a suite of it from running. */
function failuresOf(module: TestModule): string[] {
  const { children, relativeModuleId: file } = module;
  const suites = [module, ...children.allSuites()].flatMap((suite) =>
    suite.errors().map(({ message }) => `${file}: ${firstLine(message)}`),
  );
  const tests = [...children.allTests('failed')].flatMap((test) =>
    (test.result().errors ?? []).map(({ message }) => `${file} > ${test.fullName}: ${firstLine(message)}`),
  );
  return [...suites, ...tests];
}

const firstLine = (message: string) => message.split('\n')[0] ?? '';
