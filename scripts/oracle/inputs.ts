// Random inputs that look enough like the real thing to reach every branch.
import fc from 'fast-check';

const pieces = (...all: string[]): fc.Arbitrary<string> => fc.constantFrom(...all);
const soup = (from: fc.Arbitrary<string>, maxLength: number): fc.Arbitrary<string> =>
  fc.array(from, { maxLength }).map((parts) => parts.join(''));

const keyword = pieces(
  ...'FROM RUN COPY ADD CMD ENTRYPOINT HEALTHCHECK ENV ARG LABEL EXPOSE VOLUME USER WORKDIR SHELL'.split(' '),
  ...'STOPSIGNAL ONBUILD MAINTAINER run Copy frm NOPE'.split(' '),
  'ONBUILD RUN',
  'ONBUILD COPY',
  'ONBUILD ONBUILD RUN',
);
const flag = pieces(
  '--from=build',
  '--mount=type=cache,target=/root',
  '--mount=type=secret',
  '--mount=type=bind,from=$X,target=/x',
  '--mount=type=tmpfs,size=10m',
  '--mount="type=bind,source=a b,target=/x"',
  '--mount=type=cache,sharing=locked,id=x,mode=0755,uid=1',
  '--mount=type=bind,mode=0755',
  '--mount=type=ssh,required',
  '--mount=type=secret,id=a,required=yes',
  '--mount=target=/x,ro=maybe',
  '--mount=typo=bind',
  '--chown=1:1',
  '--chmod=755',
  '--link',
  '--link=false',
  '--link=maybe',
  '--exclude=*.md',
  '--network=none',
  '--network=x',
  '--interval=30s',
  '--interval=5',
  '--timeout=1h1m0.5s',
  '--start-period=100us',
  '--retries=3',
  '--retries=x',
  '--platform=$BUILDPLATFORM',
  '--chwn=1',
  '--',
  '--"a b"',
  "--x='y",
  '--keep-git-dir',
  '--checksum=sha256:1',
);
const word = pieces(
  ...'a b=c node:22 AS build /app . ./ $X ${X:-y} "q u" \'s q\' ["a","b"] ["a", 1] [] ["x] <<EOF <<-EOF'.split(' '),
  '<<"EOF"',
  '3<<E',
  '<< EOF',
  '<<EOF cat',
  'CMD',
  'NONE',
  'cmd curl',
  '80/tcp',
  'a\\ b',
  'a=b\\',
  '"unclosed',
  'k="v w" x=\'y\'',
  '&& echo hi',
  '# not a comment',
  'ä',
  '\u00a0',
  '[ "a" , "b\\n" ]',
  '["\\ud800"]',
  '=x',
  '`',
);
const separator = pieces(
  ' ',
  ' ',
  ' ',
  '  ',
  '\t',
  ' \\\n',
  ' \\\n  ',
  '\\\n',
  ' \\ \n# c\n  ',
  ' `\n',
  '\\\n\n',
  ' \\\r\n',
);
const lineEnd = pieces('\n', '\n', '\n', '\r\n', '\n\n', '\n# comment\n', '\n  # x\n', ' \n', '\\\n', '');
const body = pieces('hello\n', '\ttab\n', 'EOF\n', '\tEOF\n', 'E\n', 'EOF', 'FROM x\n', '#!/bin/sh\n', '\r\n');

const instruction = fc
  .tuple(
    keyword,
    fc.array(fc.tuple(separator, fc.oneof({ weight: 1, arbitrary: flag }, { weight: 3, arbitrary: word })), {
      maxLength: 5,
    }),
    lineEnd,
    soup(body, 4),
  )
  .map(([name, words, end, rest]) => {
    const text = name + words.map(([gap, item]) => gap + item).join('') + end;
    return text.includes('<<') ? text + rest : text;
  });
const head = pieces(
  '',
  '',
  '',
  '# syntax=docker/dockerfile:1\n',
  '# escape=`\n',
  '#escape = \\\r\n',
  '# check=skip=all\n# syntax = x y\n',
  '# escape=x\n',
  '# syntax=a\n# syntax=b\n',
  '// syntax=abc\n',
  '{"syntax":"json"}',
  '#!/usr/bin/env docker\n# syntax=z\n',
  '\uFEFF# escape=`\n',
  '\uFEFF',
  '# plain\n# escape=`\n',
  '\n# escape=`\n',
);

/** Dockerfiles, mostly almost right. */
export const dockerfiles: fc.Arbitrary<string> = fc
  .tuple(head, fc.array(instruction, { maxLength: 5 }))
  .map(([first, rest]) => first + rest.join(''));

/** Words for the expansion, with the names X (abc.tar.gz), Y (empty), Z (a/b/a) and U (not set). */
export const words: fc.Arbitrary<string> = soup(
  pieces(
    ...'$X ${X} ${Y} ${U} $U ${X:-d} ${U:-d} ${Y:-d} ${Y-d} ${U:+p} ${X:+p} ${Y+p} ${U:?e} ${X:?} ${Y:?} ${U?}'.split(
      ' ',
    ),
    ...'${X#a} ${X#*.} ${X##*.} ${X%.*} ${X%%.*} ${Z/a/b} ${Z//a/b} ${Z//\\//_} ${X/b*c/-} ${X//?/z} ${Z//a/$0}'.split(
      ' ',
    ),
    ...'${X#\\*} ${X%\\q} ${U:-${X}} ${U:-"q"} ${X ${X/ ${ $ $$ ${} ${:x} ${X:#a} ${X!} $1 $12x ${1} $@ ${U:-a b}'.split(
      ' ',
    ),
    ...'a b " \' \\ \\$ \\" ` < << <<E / } { * ? # % : - + é 𝒳 _ 0 $é ${Y//} ${X//x*} ${Z//a*/b} ${X%} ${X%%*}'.split(
      ' ',
    ),
    ' ',
    '\t',
    '\n',
  ),
  6,
);

/** One line of an ignore file. */
const ignoreLine = fc.oneof(
  pieces(
    ...'* ** **/ a a/ /a a/b */b **/b a/** a/* **/*.log *.log ! !a !a/b !**/b !*.md # . ./ .. ../a / a//b ?'.split(' '),
    ...'[ab] [^a] [a-c]/d a?c \\a \\d a\\*b [ a[ *a* **a a** **/a/** **/a*/**/b !a/** .git .dockerignore Dockerfile'.split(
      ' ',
    ),
    ...'bin\\x64 obj\\Debug foo\\bar a\\Test [*] [?]x [\\d] [a-] [b-a] [[:alpha:]] a^b ^a *^a .env* !.env.example foo.bar a(b) a{b} a+b $a a|b'.split(
      ' ',
    ),
    ' a ',
    '\ta',
    ' # a',
    '! a',
    '#a',
    'a b',
    'é*',
    'A',
  ),
  soup(pieces(...'a b c / / * ** ? . ! [a-b] [^c] \\ .log .md'.split(' ')), 6),
);
export const ignoreFiles: fc.Arbitrary<string> = fc
  .tuple(
    pieces('', '', '\uFEFF'),
    fc.array(fc.tuple(ignoreLine, pieces('\n', '\n', '\r\n', ' \n', '\n\n')), { maxLength: 6 }),
  )
  .map(([mark, lines]) => mark + lines.map((line) => line.join('')).join(''));

const name = pieces(
  ...'a b c d A ab abc a.log b.log x.md .env .env.example é a(b) a{b} a+b foo.bar $a a|b ^a b] a*b'.split(' '),
);
export const paths: fc.Arbitrary<string[]> = fc
  .array(
    fc.array(name, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/')),
    { minLength: 1, maxLength: 12 },
  )
  .map((all) => {
    const files = [...new Set(all)];
    return files.filter((path) => !files.some((other) => other.startsWith(`${path}/`)));
  });

export const globs: fc.Arbitrary<[string, string]> = fc.tuple(
  soup(pieces(...'a b c / * ? [a-b] [^c] [ ] \\ - ^ . é [a'.split(' ')), 6),
  soup(pieces(...'a b c / . é ] \\ -'.split(' ')), 5),
);
