import { expect } from 'vitest';
import { render, run, testWith } from '../render/tools.ts';

/** The same 600 strings each time, of characters that mean something somewhere. */
const values = (() => {
  let seed = 7;
  const random = (below: number) => {
    seed = (seed * 1103515245 + 12345) & 0x7fffffff;
    return seed % below;
  };
  const alphabet = [...` '"\\$%;{}#\`!*?~-=|&<>()[]abn0/:é☃`];
  const character = () => alphabet[random(alphabet.length)];
  return Array.from({ length: 600 }, () => Array.from({ length: 1 + random(8) }, character).join(''));
})();

testWith('sh', 'sh reads random values back', () => {
  for (const place of ['{{this}}', '"{{this}}"', "'{{this}}'", '"y"{{this}}', '"y$(printf %s {{this}})"']) {
    const text = render('a.sh', `{{#each values}}\nprintf '%s\\0' ${place}\n{{/each}}\n`, { values });
    const lead = place.includes('y') ? 'y' : '';
    const seen = run('sh', [], text).split('\0').slice(0, -1);
    expect(seen).toEqual(values.map((value) => lead + value));
  }
});

testWith('sh', 'sh reads random values back from an environment file', () => {
  const text = render('host/environment', '{{#each values}}\nA{{@index}}={{this}}\n{{/each}}\n', { values });
  const names = values.map((_, index) => `"$A${index}"`).join(' ');
  expect(run('sh', [], `${text}printf '%s\\0' ${names}\n`).split('\0').slice(0, -1)).toEqual(values);
});

testWith('python3', 'Python reads random values back', () => {
  for (const place of ['{{this}}', "'{{this}}'", '"""{{this}}"""']) {
    const text = render('a.py', `v = []\n{{#each values}}\nv.append(${place})\n{{/each}}\n`, { values });
    expect(JSON.parse(run('python3', ['-'], `${text}import json\nprint(json.dumps(v))\n`))).toEqual(values);
  }
});
