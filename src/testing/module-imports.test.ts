import { describe, expect, it } from 'vitest';
import { importsOf } from './module-imports.ts';

const specifiers = (source: string) => importsOf(source).map(({ specifier }) => specifier);

describe('the imports of a module', () => {
  it('are found in every form that TypeScript has', () => {
    const source = [
      "import type { A } from './a.ts';",
      "import b, { type C } from './b.ts';",
      "import './effect.ts';",
      "export { d } from './d.ts';",
      "export type { E } from './e.ts';",
      "export * from './f.ts';",
      "const g = async () => (await import('./g.ts')).g;",
      "import * as h from 'node:fs';",
    ].join('\n');
    expect(specifiers(source)).toEqual([
      './a.ts',
      './b.ts',
      './effect.ts',
      './d.ts',
      './e.ts',
      './f.ts',
      './g.ts',
      'node:fs',
    ]);
    expect(importsOf(source).filter(({ reExport }) => reExport)).toHaveLength(3);
    expect(importsOf(source).at(-1)?.line).toBe(8);
  });

  it('are not what a comment or a string says', () => {
    expect(specifiers("// import x from './x.ts'\nconst y = \"import z from './z.ts'\";\nexport const w = 1;")).toEqual(
      [],
    );
  });
});
