import { describe, expect, it } from 'vitest';
import { type Fact, known, unknown } from '../facts/fact.ts';
import { parseDockerfile } from './parse.ts';
import { expandIn, globalScope, type Scope, type ScopeOptions, scopeAfter, scopeOfImage } from './scope.ts';
import { scopesOf } from './scopes.ts';

function show(fact: Fact<string> | undefined): string | undefined {
  return fact?.known === true ? fact.value : fact === undefined ? undefined : `unknown: ${fact.why}`;
}

/** Walks the last stage and expands a word behind it. */
function behind(text: string, word: string, options: ScopeOptions = {}, base: Scope = scopeOfImage(new Map())) {
  const file = parseDockerfile(text, 'Dockerfile');
  const global = globalScope(file, options);
  let scope = base;
  for (const instruction of file.stages.at(-1)?.instructions ?? []) {
    scope = scopeAfter(scope, instruction, global, file.escape, options.buildArgs);
  }
  return expandIn(scope, word, file.escape);
}

describe('variables', () => {
  it('of an ARG above FROM reach a stage only through an ARG of its own', () => {
    expect(show(behind('ARG V=1\nFROM a\n', 'x$V').text)).toBe('x');
    expect(show(behind('ARG V=1\nFROM a\nARG V\n', 'x$V').text)).toBe('x1');
    expect(show(behind('ARG V=1\nFROM a\nARG V=2\n', 'x$V').text)).toBe('x2');
  });

  it('given as build arguments win over defaults, not over a later ENV', () => {
    const buildArgs = new Map([['V', known('b')]]);
    expect(show(behind('ARG V=1\nFROM a\nARG V=2\n', '$V', { buildArgs }).text)).toBe('b');
    expect(show(behind('FROM a\nARG V=2\nENV V=e\n', '$V', { buildArgs }).text)).toBe('e');
  });

  it('of one ENV line see the values from before it', () => {
    expect(show(behind('FROM a\nENV A=1\nENV A=2 B=$A\n', '$A$B').text)).toBe('21');
    expect(show(behind('FROM a\nARG A=1 B=$A\n', '$B').text)).toBe('1');
  });

  it('of the platform need an ARG in a stage and are unknown without a platform', () => {
    const platform = { os: 'linux', architecture: 'arm64', variant: 'v8' };
    expect(
      show(behind('FROM a\nARG TARGETARCH\nARG TARGETPLATFORM\n', '$TARGETARCH $TARGETPLATFORM', { platform }).text),
    ).toBe('arm64 linux/arm64/v8');
    expect(show(behind('FROM a\nARG TARGETARCH\n', '$TARGETARCH').text)).toBe(
      'unknown: the platform that is built for is not known',
    );
    expect(show(behind('FROM a\n', '$TARGETARCH', { platform }).text)).toBe('');
  });

  it('that an unknown base image may bring are unknown, not empty', () => {
    const base = scopeOfImage(new Map([['PATH', known('/bin')]]), 'the image is not known');
    expect(show(behind('FROM x\nENV PATH=/app:$PATH\n', '$PATH', {}, base).text)).toBe('/app:/bin');
    expect(behind('FROM x\n', '${HOME:-/root}', {}, base).text.known).toBe(false);
  });

  it('stay unknown through everything that uses them', () => {
    const buildArgs = new Map([['V', unknown('from the shell that runs compose')]]);
    expect(show(behind('FROM a\nARG V\nENV W=x$V\n', '$W', { buildArgs }).text)).toBe(
      'unknown: from the shell that runs compose',
    );
  });

  it('know the line that gave them their value', () => {
    const file = parseDockerfile('ARG V=1\nFROM a\nARG V\n', 'Dockerfile');
    const arg = file.stages[0]?.instructions[0];
    const scope = arg && scopeAfter(scopeOfImage(new Map()), arg, globalScope(file), file.escape);
    expect(scope?.variables.get('V')?.at?.line).toBe(1);
  });
});

describe('scopes of a file', () => {
  it('pass ARG and ENV on to the stages that are built from a stage', () => {
    const file = parseDockerfile('FROM a AS x\nARG A=1\nENV E=2\nFROM x\nRUN y\n', 'Dockerfile');
    const run = file.stages[1]?.instructions[0];
    const scope = run && scopesOf(file, {}, () => new Map()).before(run);
    expect([...(scope?.variables.keys() ?? [])]).toEqual(['A', 'E']);
    expect(scope?.open).toBeUndefined();
  });
});
