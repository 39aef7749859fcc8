import { describe, expect, it } from 'vitest';
import { parseDuration } from './duration.ts';
import { parsePorts } from './ports.ts';
import { csvFields } from './run-mount.ts';

describe('durations', () => {
  it('are those of Go, in seconds', () => {
    expect(['30s', '1m30s', '1.5h', '0', '500ms', '+2s'].map(parseDuration)).toEqual(
      [30, 90, 5400, 0, 0.5, 2].map((seconds) => ({ seconds })),
    );
  });

  it('without a unit or with a foreign one are refused as Go does it', () => {
    expect(parseDuration('30')).toEqual({ error: 'time: missing unit in duration "30"' });
    expect(parseDuration('3d')).toEqual({ error: 'time: unknown unit "d" in duration "3d"' });
    expect(parseDuration('x')).toEqual({ error: 'time: invalid duration "x"' });
  });
});

describe('ports', () => {
  it('have a protocol and may be ranges', () => {
    expect(parsePorts('80')).toEqual({ first: 80, last: 80, protocol: 'tcp', hostPart: false });
    expect(parsePorts('8000-8002/UDP')).toEqual({ first: 8000, last: 8002, protocol: 'udp', hostPart: false });
    expect(parsePorts('8080:80')).toMatchObject({ first: 80, hostPart: true });
  });

  it('out of range or in words are refused', () => {
    for (const bad of ['70000', 'http', '80-79', '', '80/xtp']) expect(parsePorts(bad)).toHaveProperty('error');
  });
});

it('mount options are fields of CSV, quotes included', () => {
  const fields = csvFields('type=bind,"source=a,b",target=/x');
  expect('error' in fields ? fields.error : fields.map((field) => field.text)).toEqual([
    'type=bind',
    'source=a,b',
    'target=/x',
  ]);
  expect(csvFields('a"b')).toEqual({ error: 'parse error on line 1, column 2: bare " in non-quoted-field' });
});
