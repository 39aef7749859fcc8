import { describe, expect, it } from 'vitest';
import { satisfies } from './semver-range.ts';

describe('ranges of versions', () => {
  const inside: [string, string][] = [
    ['1.2.3', '^1.2.0'],
    ['0.2.5', '^0.2.3'],
    ['0.0.3', '^0.0.3'],
    ['1.9.9', '^1'],
    ['0.0.9', '^0.0'],
    ['0.9.0', '^0'],
    ['1.2.9', '~1.2.3'],
    ['1.9.0', '~1'],
    ['3.0.1', '3'],
    ['3.0.1', '3.x'],
    ['3.0.1', '*'],
    ['3.0.1', ''],
    ['2.5.0', '>=1.2 <3'],
    ['2.5.0', '>= 1.2 < 3'],
    ['2.3.9', '1.2.3 - 2.3'],
    ['5.0.0', '^4.0.0 || ^5.0.0'],
    ['1.0.0-rc.4', '^1.0.0-rc.1'],
    ['0.34.0', '>0.33'],
    ['19.0.0', '>=18'],
  ];
  it.each(inside)('%s is within %s', (version, range) => expect(satisfies(version, range)).toBe(true));

  const outside: [string, string][] = [
    ['2.0.0', '^1.2.0'],
    ['0.3.0', '^0.2.3'],
    ['0.0.4', '^0.0.3'],
    ['1.2.2', '^1.2.3'],
    ['1.3.0', '~1.2.3'],
    ['4.0.0', '3.x'],
    ['2.4.0', '1.2.3 - 2.3'],
    ['2.0.0-beta.1', '^1.0.0'],
    ['1.0.1-rc.1', '^1.0.0'],
    ['1.0.0-rc.1', '^1.0.0-rc.4'],
    ['1.2.4', '1.2.3'],
    ['2.5.0', '<2.5.0'],
  ];
  it.each(outside)('%s is not within %s', (version, range) => expect(satisfies(version, range)).toBe(false));

  it.each(['latest', 'npm:other@1', 'workspace:*', 'git+ssh://x/y', 'file:../x'])('%s is no range', (range) =>
    expect(satisfies('1.0.0', range)).toBe(undefined),
  );
});
