/** What the run-book says of several services, and of folders. */
import { expect, it } from 'vitest';
import { kit } from '../check/kit.ts';

const runBook = (...lines: string[]) =>
  kit(...lines).files.find(({ path }) => path.endsWith('README.md'))?.text ?? '';

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

it('has the folders in its picture, and says that they are built before each release', () => {
  const paths = 'paths: { /docs/: { folder: docs/built }, /shelf/: { folder: web/dist, single-page: true } }';
  const text = runBook(paths);
  const picture = /```mermaid\n(.*?)```/s.exec(text)?.[1] ?? '';
  expect(picture).toContain('web -- "/docs/" --> pages0[("/srv/shop/current/public/docs")]');
  expect(picture).toContain('web -- "/shelf/" --> pages1[("/srv/shop/current/public/shelf")]');
  const [before = '', releasing = ''] = text.split('\n## Releasing\n');
  const built =
    '1. Build what is sent from disk: `docs/built` for `/docs/` and `web/dist` for `/shelf/`. The installer runs no build';
  expect(before).toContain(built);
  expect(before.indexOf(built)).toBeLessThan(before.indexOf('1. Copy the project'));
  expect(releasing).toMatch(
    /^\nBuild the front end first, .* what lies in `docs\/built` and `web\/dist` when/,
  );
  expect(runBook(paths, 'delivery: files')).toContain('1. Build what is sent from disk: `docs/built` for');
  expect(runBook('paths: {}')).not.toContain('Build ');
});
