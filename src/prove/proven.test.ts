import { expect, test } from 'vitest';
import type { Entry, EvidenceId } from '../ledger/entry.ts';
import { memoryLedger } from '../ledger/memory-ledger.ts';
import { memoryRepo } from '../repo/memory.ts';
import { judge } from './budget.ts';
import type { ProvablePart } from './options.ts';
import { concernedServices, judgePart as judge3, partDigest, provenParts } from './proven.ts';

const judgePart = (what: ProvablePart, after: Parameters<typeof judge3>[1]): ReturnType<typeof judge3> =>
  judge3(what, after, new Set(['api', 'web']));

const part: ProvablePart = {
  id: 'non-root',
  tier: 'unproven',
  files: ['Dockerfile'],
  mustMeasure: ['api:service.healthy'],
};

function rows(
  ...given: [measure: string, value: boolean | undefined, service?: string][]
): { id: EvidenceId; entry: Omit<Entry, 'at'> }[] {
  return given.map(([measure, value, service], index) => ({
    id: `${index}` as EvidenceId,
    entry: {
      kind: value === undefined ? 'not-measured' : 'measurement',
      run: 'r',
      subject: { side: 'after', stack: 's', inputs: 'i', ...(service === undefined ? {} : { service }) },
      measure,
      ...(value === undefined ? {} : { value }),
      text: '',
    },
  }));
}

const sound = [
  ['image.builds', true, 'api'],
  ['stack.healthy', true],
] as [string, boolean, string?][];

test('a part is proven by everything that it must measure, with the evidence', () => {
  const judged = judgePart(part, rows(...sound, ['service.healthy', true, 'api'], ['service.healthy', false, 'db']));
  expect(judged).toMatchObject({ proven: true, evidence: ['0', '1', '2'] });
});

test('a measure that failed, or was never taken, proves nothing', () => {
  expect(judgePart(part, rows(...sound, ['service.healthy', false, 'api'])).proven).toBe(false);
  expect(judgePart(part, rows(...sound, ['service.healthy', undefined, 'api'])).text).toBe(
    'api:service.healthy was not measured',
  );
  expect(
    judgePart(part, rows(['image.builds', false, 'web'], ['stack.healthy', true], ['service.healthy', true, 'api']))
      .proven,
  ).toBe(false);
});

test('a part is judged by the services that it changes, not by somebody else’s image', () => {
  const builds = new Map([
    ['api', { dockerfile: 'api/Dockerfile', context: 'api' }],
    ['web', { dockerfile: 'web/Dockerfile', context: 'web' }],
  ]);
  const names = (files: readonly string[]): string[] => [...concernedServices({ ...part, files }, builds)];
  expect(names(['api/Dockerfile'])).toEqual(['api']);
  expect(names(['web/nginx.conf', 'web/Dockerfile'])).toEqual(['web']);
  expect(names(['docker-compose.prod.yml'])).toEqual(['api', 'web']);
  const open = { ...part, mustMeasure: ['service.starts'] };
  const after = rows(...sound, ['service.starts', true, 'api'], ['service.starts', false, 'backup']);
  expect(judgePart(open, after).proven).toBe(true);
});

test('a misspelt measure is told and proves nothing', () => {
  expect(judgePart({ ...part, mustMeasure: ['image.build'] }, rows(...sound)).text).toBe('image.build is no measure');
});

test('a proof holds for exactly the text that was proven', () => {
  const ledger = memoryLedger();
  const after = memoryRepo({ Dockerfile: 'FROM a\nUSER 10001\n' });
  ledger.append({
    kind: 'measurement',
    run: 'r',
    subject: { side: 'after', stack: 's', inputs: partDigest(part, after) },
    measure: 'part:non-root',
    value: true,
    text: '',
    evidence: ['x'],
  });
  expect(provenParts(ledger.entries(), [part], after)).toMatchObject([{ id: 'non-root' }]);
  expect(provenParts(ledger.entries(), [part], memoryRepo({ Dockerfile: 'FROM a\nUSER 1\n' }))).toEqual([]);
  expect(provenParts(ledger.entries(), [{ ...part, id: 'other' }], after)).toEqual([]);
});

test('budgets of a service come before the general ones, and those before what a sound image has', () => {
  const budgets = {
    general: new Map([['image.size.overBase', { value: 60e6, text: 'at most 60 MB' }]]),
    services: new Map([['web', new Map([['image.size.overBase', { value: 3e6, text: 'at most 3 MB' }]])]]),
  };
  const row = { kind: 'measurement', measure: 'image.size.overBase', value: 5e6, text: '' } as const;
  expect(judge({ ...row, service: 'api' }, budgets)).toMatchObject({ met: true, demanded: true });
  expect(judge({ ...row, service: 'web' }, budgets)).toMatchObject({ met: false, text: 'at most 3 MB' });
  expect(judge({ kind: 'measurement', measure: 'image.builds', value: false, text: '' }, budgets)).toMatchObject({
    met: false,
    demanded: true,
  });
  expect(
    judge({ kind: 'measurement', measure: 'service.readOnlyRoot', value: false, text: '' }, budgets),
  ).toMatchObject({ met: false, demanded: false });
  expect(judge({ kind: 'measurement', measure: 'image.user', value: '0:0', text: '' }, budgets)).toMatchObject({
    met: false,
  });
  expect(judge({ kind: 'measurement', measure: 'image.user', value: 'app', text: '' }, budgets)).toMatchObject({
    met: true,
  });
  expect(judge({ kind: 'not-measured', measure: 'image.builds', text: '' }, budgets)).toBeUndefined();
});
