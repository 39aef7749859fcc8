import { describe, expect, it } from 'vitest';
import { parseDockerfile } from './parse.ts';
import type { Instruction, Keyword } from './types.ts';

const parse = (text: string) => parseDockerfile(text, 'Dockerfile');

function only<K extends Keyword>(text: string, keyword: K): Extract<Instruction, { keyword: K }> {
  const found = parse(text).instructions.find(
    (one): one is Extract<Instruction, { keyword: K }> => one.keyword === keyword,
  );
  if (found === undefined) throw new Error(`no ${keyword} in ${text}`);
  return found;
}

describe('the script of a RUN', () => {
  it('is joined from its lines, without the comments between, and leads back to the file', () => {
    const text = 'FROM a\nRUN apt-get update \\\n  # why\n\n  && apt-get install -y curl\n';
    const { script } = only(text, 'RUN');
    expect(script?.text).toBe('apt-get update   && apt-get install -y curl');
    const at = script?.text.indexOf('install') ?? -1;
    expect(text.slice(script?.map.offset(at)).startsWith('install -y curl')).toBe(true);
    const span = script?.map.span(0, script.text.length);
    expect(text.slice(span?.start, span?.end)).toBe('apt-get update \\\n  # why\n\n  && apt-get install -y curl');
  });

  it('is the body of a lone heredoc, with tabs removed for <<-', () => {
    const text = 'FROM a\nRUN <<-EOF\n\tset -e\n\t\tmake\n\tEOF\n';
    const { script } = only(text, 'RUN');
    expect(script?.kind).toBe('heredoc');
    expect(script?.text).toBe('set -e\nmake\n');
    expect(text.slice(script?.map.offset(7)).startsWith('make')).toBe(true);
  });

  it('is run as a file when its heredoc begins with #!', () => {
    expect(only('FROM a\nRUN <<EOF\n#!/usr/bin/env python3\nprint()\nEOF\n', 'RUN').script?.kind).toBe('file');
  });

  it('keeps the heredoc when a command reads it', () => {
    const { script } = only('FROM a\nRUN cat <<EOF > /x\nhi\nEOF\n', 'RUN');
    expect(script?.text).toBe('cat <<EOF > /x\nhi\nEOF');
  });

  it('is absent in exec form', () => {
    const run = only('FROM a\nRUN ["sh", "-c", "a b"]\n', 'RUN');
    expect(run.script).toBeUndefined();
    expect(run.argv?.map((word) => word.text)).toEqual(['sh', '-c', 'a b']);
  });
});

describe('typed instructions', () => {
  it('keep the words of a shell-form array with single quotes as text', () => {
    expect(only("FROM a\nCMD ['node']\n", 'CMD').script?.text).toBe("['node']");
  });

  it('give COPY its flags, sources and destination', () => {
    const copy = only('FROM a\nCOPY --from=b --chown=1:2 --exclude=*.md --exclude=x --link a "b" /d/\n', 'COPY');
    expect(copy.sources.map((word) => word.text)).toEqual(['a', '"b"']);
    expect([copy.from?.value, copy.chown?.value, copy.link, copy.destination.text]).toEqual(['b', '1:2', true, '/d/']);
    expect(copy.exclude.map((flag) => flag.value)).toEqual(['*.md', 'x']);
  });

  it('give COPY the files that are written in it', () => {
    const copy = only('FROM a\nCOPY <<-"A" <<B /d/\n\tone $X\n\tA\ntwo\nB\n', 'COPY');
    expect(copy.heredocSources.map(({ name, content, expand }) => [name, content, expand])).toEqual([
      ['A', 'one $X\n', false],
      ['B', 'two\n', true],
    ]);
  });

  it('give mounts their options and defaults', () => {
    const flags =
      '--mount=type=cache,target=/c,sharing=locked,uid=10 --mount=from=b,src=/x,dst=/y --mount=type=secret,id=s,env=S,required';
    const { mounts } = only(`FROM a\nRUN ${flags} make\n`, 'RUN');
    expect(mounts).toMatchObject([
      { type: 'cache', target: '/c', sharing: 'locked', uid: 10, readOnly: false },
      { type: 'bind', from: 'b', source: '/x', target: '/y', readOnly: true },
      { type: 'secret', id: 's', env: 'S', required: true },
    ]);
  });

  it('do not judge mount options that hold variables', () => {
    const file = parse('FROM a\nARG T\nRUN --mount=type=$T,target=/x,required=true make\n');
    expect(file.problems).toEqual([]);
  });

  it('give a health check its times in seconds', () => {
    const check = only(
      'FROM a\nHEALTHCHECK --interval=1m30s --timeout=500ms --retries=4 CMD curl -f x || exit 1\n',
      'HEALTHCHECK',
    );
    expect(check).toMatchObject({ kind: 'command', interval: 90, timeout: 0.5, retries: 4 });
    expect(check.script?.text).toBe('curl -f x || exit 1');
  });

  it('tell the old form of ENV from the new', () => {
    expect(only('FROM a\nENV A b c\n', 'ENV').pairs).toMatchObject([
      { key: { text: 'A' }, value: { text: 'b c' }, old: true },
    ]);
    expect(only('FROM a\nENV A=b C="d e"\n', 'ENV').pairs.map((pair) => pair.old)).toEqual([false, false]);
  });

  it('read what is behind ONBUILD', () => {
    expect(only('FROM a\nONBUILD COPY --chown=1 . /x\n', 'ONBUILD').inner).toMatchObject({
      keyword: 'COPY',
      destination: { text: '/x' },
    });
  });
});

describe('problems', () => {
  it('are said in the words of BuildKit, at their place, and parsing goes on', () => {
    const file = parse('FROM a\nCOPPY . /x\nRUN --mount=type=cahce,target=/x make\nUSER app\n');
    expect(file.problems.map(({ text, at }) => [at.line, at.column, text])).toEqual([
      [2, 1, 'unknown instruction: COPPY (did you mean COPY?)'],
      [3, 5, 'unsupported mount type "cahce" (did you mean cache?)'],
    ]);
    expect(file.instructions.at(-1)?.keyword).toBe('USER');
  });

  it('of a FROM leave its stage in place', () => {
    const file = parse('FROM a b c d\nRUN x\n');
    expect(file.stages.map((stage) => stage.instructions.length)).toEqual([1]);
  });

  it('of a heredoc without end name what is missing', () => {
    const file = parse('FROM a\nRUN <<EOF\nmake\n');
    expect(file.problems[0]).toMatchObject({
      text: 'unterminated heredoc',
      remedy: 'end it with a line that holds only EOF',
    });
  });

  it('name an instruction before the first FROM', () => {
    expect(parse('RUN x\nFROM a\n').problems[0]?.text).toBe('no build stage in current context');
  });

  it('of a template that is no Dockerfile do not end the run', () => {
    expect(parse('{% if x %}\nFROM a\n{% endif %}\n').stages).toHaveLength(1);
  });
});

describe('what belongs to the file', () => {
  it('is the frontend, in every form that BuildKit detects', () => {
    const syntax = (text: string) => parse(text).syntax?.image;
    expect(syntax('# syntax=docker/dockerfile:1 x\nFROM a')).toBe('docker/dockerfile:1');
    expect(syntax('// syntax=other/lang\n')).toBe('other/lang');
    expect(syntax('{"syntax": "some/json"}')).toBe('some/json');
    expect(syntax('#!/usr/bin/env x\n# syntax=a\n')).toBe('a');
    expect(syntax('# comment\n# syntax=a\n')).toBeUndefined();
  });

  it('is the escape character, which then continues lines', () => {
    const file = parse('# escape=`\nFROM a\nRUN dir `\n c:\\\nUSER x\n');
    expect(file.escape).toBe('`');
    expect(file.instructions.map((one) => one.keyword)).toEqual(['FROM', 'RUN', 'USER']);
  });

  it('are comments, with the instruction that they belong to', () => {
    const file = parse('# file\n#\n# base\nFROM a\nRUN x \\\n# inner\n  y\n');
    expect(file.instructions.map((one) => one.comments.map((comment) => comment.text))).toEqual([['base'], ['inner']]);
    expect(file.comments).toHaveLength(4);
  });

  it('are stages, and the ARGs above them', () => {
    const file = parse('ARG V=1\nFROM a:$V AS Build\nFROM build\nARG V\n');
    expect(file.metaArgs).toHaveLength(1);
    expect(file.stages.map((stage) => [stage.name, stage.instructions.length])).toEqual([
      ['build', 0],
      [undefined, 1],
    ]);
  });
});
