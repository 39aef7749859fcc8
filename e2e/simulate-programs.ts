import fc from 'fast-check';

/** A file, folder or link of the build context. */
export interface ContextFile {
  readonly path: string;
  readonly kind: 'file' | 'directory' | 'symlink';
  readonly mode: number;
  readonly text: string;
}

/** The same context for every program. */
export const CONTEXT: readonly ContextFile[] = [
  { path: 'f', kind: 'file', mode: 0o644, text: 'f\n' },
  { path: 'x.sh', kind: 'file', mode: 0o755, text: '#!/bin/sh\nmkdir -p /made && echo script > /made/by\n' },
  { path: 'd', kind: 'directory', mode: 0o750, text: '' },
  { path: 'd/one.txt', kind: 'file', mode: 0o600, text: 'one\n' },
  { path: 'd/two.txt', kind: 'file', mode: 0o664, text: 'two\n' },
  { path: 'd/sub', kind: 'directory', mode: 0o700, text: '' },
  { path: 'd/sub/deep', kind: 'file', mode: 0o444, text: 'deep\n' },
  { path: 'd/link', kind: 'symlink', mode: 0o777, text: 'one.txt' },
  { path: 'e', kind: 'directory', mode: 0o755, text: '' },
  { path: 'e/one.txt', kind: 'file', mode: 0o640, text: 'other\n' },
  { path: 'e/sub', kind: 'directory', mode: 0o711, text: '' },
  { path: 'e/sub/more', kind: 'file', mode: 0o755, text: 'more\n' },
  { path: 'lf', kind: 'symlink', mode: 0o777, text: 'f' },
  { path: 'ld', kind: 'symlink', mode: 0o777, text: 'd' },
];

const path = fc.constantFrom(
  '/a',
  '/a/b',
  '/a/b/c',
  '/p',
  '/p/q',
  '/p/q/r',
  '/w',
  '/w/x',
  'rel',
  'rel/z',
  '/l1',
  '/l2',
);
const name = fc.constantFrom('n', 'm', 'one.txt', 'sub');
const source = fc.constantFrom(
  'f',
  'd',
  'e',
  'd/one.txt',
  'd/sub',
  'lf',
  'ld',
  'd/',
  'd/*',
  'e/*.txt',
  'x.sh',
  'd/link',
  '.',
);
const slash = fc.constantFrom('', '/');
const mode = fc.constantFrom('755', '0640', 'u+x', 'go-rwx', 'a+rX', 'u=rw,go=r', '1777', '2755');
const owner = fc.constantFrom('1000', '1000:1001', '0:0', ':7', '33:33', 'nobody', 'root');
const numeric = fc.constantFrom('1000:1001', '7', '0:0', '33:34', 'nobody', 'root');

type Text = fc.Arbitrary<string>;
const words = (...parts: (string | Text)[]): Text =>
  fc.tuple(...parts.map((part) => (typeof part === 'string' ? fc.constant(part) : part))).map((list) => list.join(''));

/** Commands by the model they need. */
function commands(has: (command: string) => boolean): Text {
  const all: (readonly [needs: string, Text])[] = [
    ['mkdir', words('mkdir -p ', path)],
    ['mkdir', words('mkdir ', path)],
    ['mkdir', words('mkdir -m 700 -p ', path, ' ', path)],
    ['', words('echo "hello" > ', path)],
    ['', words('echo more >> ', path)],
    ['', words('printf "%s-" a b > ', path, '/', name)],
    ['', words('cd ', path)],
    ['touch', words('touch ', path)],
    ['touch', words('touch ', path, '/', name)],
    ['rm', words('rm -rf ', path)],
    ['rm', words('rm -f ', path)],
    ['rm', words('rm -rf ', path, '/*')],
    ['rmdir', words('rmdir ', path)],
    ['cp', words('cp ', path, ' ', path)],
    ['cp', words('cp -r ', path, ' ', path)],
    ['cp', words('cp -a ', path, ' ', path)],
    ['mv', words('mv ', path, ' ', path)],
    ['ln', words('ln -s ', path, ' ', path)],
    ['ln', words('ln -sf ', path, ' ', path)],
    ['chmod', words('chmod ', mode, ' ', path)],
    ['chmod', words('chmod -R ', mode, ' ', path)],
    ['chown', words('chown ', owner, ' ', path)],
    ['chown', words('chown -R ', owner, ' ', path)],
    ['install', words('install -d -m 711 ', path)],
    ['cat', words('cat ', path, ' > ', path)],
    ['cat', words('cat > ', path, ' <<EOF\ntext $HOME\nEOF\n')],
  ];
  return fc.oneof(...all.filter(([needs]) => needs === '' || has(needs)).map(([, text]) => text));
}

function script(has: (command: string) => boolean): Text {
  const command = commands(has);
  const plain = command.filter((text) => !text.includes('\n'));
  const item = fc.oneof(
    { weight: 6, arbitrary: plain },
    {
      weight: 2,
      arbitrary: words(
        'if [ -',
        fc.constantFrom('d', 'f', 'e', 'L'),
        ' ',
        path,
        ' ]; then ',
        plain,
        '; else ',
        plain,
        '; fi',
      ),
    },
    { weight: 1, arbitrary: words('(cd ', path, ' && ', plain, ')') },
    { weight: 1, arbitrary: words('for i in a b; do ', plain, '; mkdir -p /for/$i; done') },
    { weight: 1, arbitrary: words('x=', path, '; ', 'mkdir -p "$x/v"') },
    { weight: 1, arbitrary: words('{ ', plain, '; echo group; } > ', path) },
    { weight: 1, arbitrary: words('! ', plain) },
    { weight: 1, arbitrary: words('case ', name, ' in n) ', plain, ';; *) ', plain, ';; esac') },
    { weight: 1, arbitrary: words(plain, ' || ', plain) },
    { weight: 1, arbitrary: words(plain, ' && ', plain) },
  );
  const separator = fc.constantFrom(' ; ', ' || true ; ', ' && ');
  const list = fc
    .array(fc.tuple(item, separator), { minLength: 1, maxLength: 6 })
    .map((items) => items.map(([text, by], i) => (i === items.length - 1 ? text : text + by)).join(''));
  return fc.oneof(
    { weight: 5, arbitrary: words('RUN ', list, fc.constantFrom('', ' || true', ' ; true')) },
    { weight: 2, arbitrary: words('RUN set -e; ', list, fc.constantFrom('', ' ; true')) },
    {
      weight: 2,
      arbitrary: words(
        'RUN <<EOT\n',
        fc.array(command, { minLength: 1, maxLength: 4 }).map((lines) => lines.join('\n')),
        '\ntrue\nEOT',
      ),
    },
  );
}

/** A random Dockerfile of modelled commands. `has`: which commands have a model. */
export function program(has: (command: string) => boolean): Text {
  const copy = words(
    fc.constantFrom(
      'COPY ',
      'COPY ',
      'COPY --chown=1000:1001 ',
      'COPY --chown=7 ',
      'COPY --chmod=640 ',
      'COPY --chown=nobody --chmod=755 ',
    ),
    source,
    ' ',
    path,
    slash,
  );
  const instruction = fc.oneof(
    { weight: 6, arbitrary: script(has) },
    { weight: 5, arbitrary: copy },
    {
      weight: 1,
      arbitrary: words('COPY --from=base ', fc.constantFrom('/base/d', '/base/f', '/base'), ' ', path, slash),
    },
    {
      weight: 1,
      arbitrary: words('COPY --from=base --chown=5:6 ', fc.constantFrom('/base/d', '/base/f'), ' ', path, slash),
    },
    { weight: 1, arbitrary: words('COPY f d/one.txt ', path, '/') },
    { weight: 1, arbitrary: words('ADD ', source, ' ', path, slash) },
    { weight: 1, arbitrary: words('COPY <<EOT ', path, '\nhere\nEOT') },
    { weight: 2, arbitrary: words('WORKDIR ', path) },
    { weight: 1, arbitrary: words('USER ', numeric) },
    { weight: 1, arbitrary: fc.constant('USER 0') },
    {
      weight: 1,
      arbitrary: words(
        'RUN --mount=type=cache,target=',
        path,
        ' ',
        commands(has).filter((text) => !text.includes('\n')),
        ' || true',
      ),
    },
    {
      weight: 1,
      arbitrary: words(
        'RUN --mount=type=bind,source=d,target=',
        path,
        ' ',
        commands(has).filter((text) => !text.includes('\n')),
        ' || true',
      ),
    },
    { weight: 1, arbitrary: fc.constant('COPY x.sh /bin/x.sh\nRUN x.sh || true') },
  );
  const from = fc.constantFrom('alpine:3.20', 'alpine:3.20', 'debian:trixie-slim');
  const first =
    'RUN mkdir -p /base/d/s && echo b > /base/f && echo c > /base/d/c && chown -R 12:13 /base/d && chmod 751 /base/d && chmod 4755 /base/f';
  return fc.tuple(from, fc.array(instruction, { minLength: 1, maxLength: 6 })).map(([image, list]) => {
    const base = list.some((text) => text.includes('--from=base')) ? `FROM ${image} AS base\n${first}\n\n` : '';
    return `${base}FROM ${image}\n${list.join('\n')}\n`;
  });
}

/** Programs that once showed a fault of the simulator: each is built again in every run. */
export const KEPT: readonly string[] = [
  `FROM alpine:3.20
COPY --chmod=640 d/one.txt /p/q/r
`,
  `FROM alpine:3.20
COPY --chown=7 d/ /w/x/
RUN { echo group; } > /w && cd /w || mkdir -p rel
`,
  `FROM alpine:3.20
COPY f /a
RUN --mount=type=cache,target=/a/b/c echo more >> /l1 || true
`,
  `FROM alpine:3.20
COPY d/ /l2/
USER nobody
RUN set -e; ! echo more >> /l2 ; echo "hello" > /p/q || mkdir -p /a ; true
`,
  `FROM alpine:3.20
COPY --chmod=640 d/* /p
`,
  `FROM alpine:3.20
COPY x.sh rel
ADD . rel/z
`,
  `FROM alpine:3.20
COPY <<EOT /a/b/c
here
EOT
WORKDIR /a/b/c
`,
  `FROM alpine:3.20
WORKDIR /p/q/r
RUN mv /p /w/x || true
RUN set -e; { chown 1000:1001 /w/x; echo group; } > /p/q/r ; (cd /p && cd /p/q) || true ; cd /w/x || touch /p/q/one.txt
`,
  `FROM debian:trixie-slim
COPY f /l2
COPY d /p/
RUN cp -r /p /l2 ; rm -f /l1 ; true
`,
  `FROM alpine:3.20
WORKDIR /a
COPY e /w/x/
RUN ln -sf /a/b/c /p/q/r && ln -sf rel /a
`,
  `FROM alpine:3.20
COPY <<EOT /w
here
EOT
RUN set -e; cp /w /w && (cd /l2 && cd /p/q/r) ; true
`,
  `FROM debian:trixie-slim
COPY --chown=nobody --chmod=755 d/link /a/b/c
RUN --mount=type=cache,target=/a/b/c echo more >> /p || true
`,
  `FROM alpine:3.20
COPY --chown=1000:1001 d/ /a/b
COPY d/* /a/b/
`,
  `FROM debian:trixie-slim
COPY d/* /p/q/r/
WORKDIR /a/b
COPY --chown=7 d/* /a/b/
RUN --mount=type=bind,source=d,target=/w/x mv /a/b /p/q || true
`,
  `FROM alpine:3.20
COPY d/ /a/b/
RUN ln -sf /a/b /a ; mkdir /a/b/c ; true
`,
];
