import fc from 'fast-check';
import { expect, it } from 'vitest';
import { judgeDockerfile, judgeIgnoreFile } from '../../scripts/oracle/invariants.ts';
import { brokenDockerfiles, brokenIgnoreFiles } from '../../scripts/oracle/mutate.ts';

// scripts/oracle/fuzz.ts does the same with 10,000 inputs of each kind.
it('any bytes named Dockerfile are parsed without loss', () => {
  fc.assert(
    fc.property(brokenDockerfiles, (text) => {
      expect(judgeDockerfile(text)).toEqual([]);
    }),
    { seed: 7, numRuns: 300 },
  );
});

it('any bytes named .dockerignore give an answer for every path', () => {
  fc.assert(
    fc.property(brokenIgnoreFiles, (text) => {
      expect(judgeIgnoreFile(text)).toEqual([]);
    }),
    { seed: 7, numRuns: 300 },
  );
});
