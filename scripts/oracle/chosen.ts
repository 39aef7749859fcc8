import type { Question } from './answers.ts';

const parse = (text: string): Question => ({ kind: 'parse', text });
const ENV = { HOME: '/root', V: '1.2.3', E: '', P: '/usr/lib/x.so.1' };
const expand = (text: string): Question => ({ kind: 'expand', text, env: ENV, escape: '\\' });
const ignore = (text: string, ...paths: string[]): Question => ({ kind: 'ignore', text, paths });

/** Cases picked by hand: what real files contain, and what went wrong once. */
export const CHOSEN: readonly Question[] = [
  parse('# syntax=docker/dockerfile:1\nFROM --platform=$BUILDPLATFORM node:22-slim AS build\nWORKDIR /app\nCOPY . .\n'),
  parse('FROM a\r\nRUN x \\\r\n  && y\r\n'),
  parse('\uFEFFFROM a\nRUN [ "a", "b" ]'),
  parse('FROM a\nRUN apt-get update \\\n# why\n\n  && apt-get install -y curl \\\n  # also\n  && rm -rf /x\n'),
  parse('FROM a\nRUN <<EOF\nset -e\necho "$X"\nEOF\nRUN <<-"E" cat > /x && echo\n\thi\n\tE\n'),
  parse('FROM a\nCOPY <<A <<"B" --x /d/\n1\nA\n2\nB\n'),
  parse('FROM a\nCOPY --chown=1:1 --from=b ["a b", "c"]\n'),
  parse("# escape=`\nFROM a\nRUN dir `\n  c:\\\nSHELL ['x']\n"),
  parse('FROM a\nENV A=1 B="x y" C=\\ d\nENV OLD form of it\nENV X\nLABEL a.b=c "d e"=f\n'),
  parse(
    'FROM a\nHEALTHCHECK --interval=30s --retries=3 CMD curl -f localhost || exit 1\nHEALTHCHECK NONE\nHEALTHCHECK CMD\n',
  ),
  parse('FROM a\nONBUILD COPY . /x\nONBUILD ONBUILD RUN x\nONBUILD FROM x\nEXPOSE 80 443/tcp\nSTOPSIGNAL SIGTERM\n'),
  parse('FROM\nFROM a b\nFROM a AS 1x\nFROM a as Ok\nRUN --mount=type=cahce x\nCOPPY a b\nRUN\nCMD []\nENTRYPOINT\n'),
  parse('FROM a\nRUN echo \\\\\nRUN echo \\\n'),
  parse('FROM a\nARG A B=1 C="x y"\nARG\nARG =x\nVOLUME ["/a", ""]\nVOLUME /a /b\nUSER\nWORKDIR\n'),
  parse('FROM a\nRUN cat <<EOF > /x\nnever ends\n'),
  parse(''),
  parse('# only a comment\n'),
  ...['$HOME', '${V%.*}', '${V%%.*}', '${V#*.}', '${V##*.}', '${V/./_}', '${V//./_}', '${P##*/}', '${P%%.so*}'].map(
    expand,
  ),
  ...['${E:-x}', '${E-x}', '${N:-${HOME}/y}', '${N:+x}', '${V:+x}', '${N:?needed}', '${N?}', "'$HOME'", '"$HOME"'].map(
    expand,
  ),
  ...['\\$HOME', '"\\$HOME"', 'a\\ b', '$', '${', '${}', '${HOME', '${HOME:x}', '$HOME$V', '${V/x/y}', '"a b" c'].map(
    expand,
  ),
  ignore('node_modules\n', 'node_modules/a', 'x/node_modules/a', 'a'),
  ignore('**/node_modules\n', 'node_modules/a', 'x/node_modules/a', 'a'),
  ignore('*\n!src\n!package.json\n', 'src/a.ts', 'package.json', 'README.md', 'x/src/a'),
  ignore('*\n!src/**\nsrc/*.test.ts\n', 'src/a.ts', 'src/a.test.ts', 'b'),
  ignore('a\n!a/b\n', 'a/b', 'a/c'),
  ignore('a/*\n!a/b\n', 'a/b', 'a/c', 'a/d/e'),
  ignore('# c\n #x\n/dist/\n./b\n', 'dist/x', '#x', 'b', 'x/dist/y'),
  ignore('.env*\n!.env.example\n', '.env', '.env.local', '.env.example', 'x/.env'),
  ignore('**/*.md\n!README*.md\nREADME-secret.md\n', 'a.md', 'b/c.md', 'README.md', 'README-secret.md'),
  ignore('bin\\x64\nobj\\Debug\nfoo\\bar\na\\temp\n', 'bin/x64', 'bind', 'foo/bar', 'fooar', 'obj/Debug', 'atemp'),
  ignore('[[:alpha:]]\n[^[:digit:]]x\n', 'a', '1', 'ax', '1x'),
  ignore('!\n', 'a'),
  ignore('[a\n', 'a'),
];
