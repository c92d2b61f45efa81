/** What the run-book says of several services. */
import { expect, it } from 'vitest';
import { kit } from '../check/kit.ts';

const runBook = (paths: string) =>
  kit(paths).files.find(({ path }) => path.endsWith('README.md'))?.text ?? '';

it('names each figure once, with the services that it is for', () => {
  const text = runBook('paths: { /a/: { app: "a:app", timeout: 20, max-body: 1m }, /b/: { app: "b:app" } }');
  expect(text).toContain('a request takes longer than 30 s (shop and shop-b) or 20 s (shop-a): make');
  expect(text).toContain('a request is larger than 10m (shop and shop-b) or 1m (shop-a): raise');
  expect(text).toContain(
    '<https://shop.example/>, <https://shop.example/a/> and <https://shop.example/b/> each answer five times in a row',
  );
});

it('names a figure of all without any', () => {
  const text = runBook('paths: { /a/: { app: "a:app" } }');
  expect(text).toContain('a request takes longer than 30 s: make');
  expect(text).toContain('a request is larger than 10m: raise');
});
