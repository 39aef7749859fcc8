import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { dockerEngine } from '../src/engine/docker.ts';
import { openLedger } from '../src/ledger/open-ledger.ts';
import type { ProvablePart } from '../src/prove/options.ts';
import { prove } from '../src/prove/prove.ts';
import { memoryRepo } from '../src/repo/memory.ts';

const dockerfile = (user: string): string =>
  `FROM python:3.12-slim\nCOPY main.py /\n${user}CMD ["python", "/main.py"]\n`;
const quiet = 'import signal, sys, time\nsignal.signal(signal.SIGTERM, lambda *a: sys.exit(0))\ntime.sleep(600)\n';
const files = {
  'compose.yaml': 'services:\n  good:\n    build: good\n  needsroot:\n    build: needsroot\n',
  'good/Dockerfile': dockerfile(''),
  'good/main.py': quiet,
  'needsroot/Dockerfile': dockerfile(''),
  'needsroot/main.py': `open("/state", "w").write("x")\n${quiet}`,
};
const part = (service: string): ProvablePart => ({
  id: service,
  tier: 'unproven',
  files: [`${service}/Dockerfile`],
  mustMeasure: [`${service}:service.starts`, 'image.user'],
});

describe.skipIf(process.env['PLIMSOLL_ENGINE_KIND'] === 'none')('prove, parts of a plan', () => {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-parts-test-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('proves the part that works although another one breaks the stack', async () => {
    const withParts = (ids: readonly string[]): ReturnType<typeof memoryRepo> =>
      memoryRepo({
        ...files,
        ...Object.fromEntries(ids.map((id) => [`${id}/Dockerfile`, dockerfile('USER 10001\n')])),
      });
    const ledger = openLedger(folder);
    const parts = [part('good'), part('needsroot')];
    const result = await prove({
      before: memoryRepo(files),
      after: withParts(['good', 'needsroot']),
      withParts,
      parts,
      stack: { files: ['compose.yaml'] },
      stackName: 'compose.yaml',
      engine: dockerEngine(process.env),
      ledger,
      budgets: { general: new Map(), services: new Map() },
      quick: true,
    });
    expect(result.status).toBe('missed');
    const judged = ledger.entries().filter(({ entry }) => entry.measure.startsWith('part:'));
    expect(judged.map(({ entry }) => [entry.measure, entry.value, entry.text])).toEqual([
      ['part:good', true, expect.stringContaining('shown to work')],
      ['part:needsroot', false, expect.stringContaining('alone: stack.healthy does not hold')],
    ]);
    expect(result.proven.map((one) => one.id)).toEqual(['good']);
  });
});
