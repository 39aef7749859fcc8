import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { expandTargets, readBakeFiles } from '../src/targets/bake-file.ts';
import type { HclValue } from '../src/targets/hcl-value.ts';

const folder = mkdtempSync(join(tmpdir(), 'plimsoll-bake-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const CASES: readonly { readonly title: string; readonly files: Readonly<Record<string, string>> }[] = [
  {
    title: 'inheritance, variables, comments and choices',
    files: {
      'docker-bake.hcl': `// head
variable "REG" { default = "ghcr.io/x" }
variable "TAG" {
  default = "v1" # inline
}
variable "EMPTY" { default = "" }
target "_base" {
  context = "."
  args = {
    A = "1"
    N = 5 // a number
    B = TAG
    GONE = null
  }
  platforms = ["linux/amd64"]
}
group "default" { targets = ["app", "other"] }
target "app" {
  inherits = ["_base"]
  dockerfile = "app/Dockerfile"
  target = EMPTY == "" ? "prod" : EMPTY
  tags = ["\${REG}/app:\${TAG}", "\${REG}/app:latest"]
  args = { A = "2" }
}
target "other" {
  inherits = ["_base", "app"]
  context = "other"
  platforms = ["linux/arm64"]
}
`,
    },
  },
  {
    title: 'a matrix over values and objects',
    files: {
      'docker-bake.hcl': `group "default" { targets = ["m", "o"] }
target "m" {
  name = "m-\${a}-\${b}"
  matrix = { a = ["x", "y"], b = ["1", "2"] }
  dockerfile = "\${a}.Dockerfile"
  args = { B = b }
}
target "o" {
  name = item.name
  matrix = { item = [{ name = "o1", ctx = "one" }, { name = "o2", ctx = "two" }] }
  context = item.ctx
  dockerfile-inline = <<EOT
FROM scratch
EOT
}
`,
    },
  },
  {
    title: 'JSON, and a second file that overrides',
    files: {
      'a.json':
        '{"variable": {"V": {"default": "7"}}, "target": {"default": {"context": "c", "args": {"A": "${V}"}, "contexts": {"base": "docker-image://alpine"}}}}',
      'b.hcl': 'target "default" {\n  target = "t"\n  args = { B = "2" }\n}\n',
    },
  },
];

function plain(value: HclValue): unknown {
  if (Array.isArray(value)) return value.length === 0 ? undefined : value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, inner]) => inner !== null);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, inner]) => [key, String(inner)]));
}

for (const given of CASES) {
  test(`Bake files with ${given.title} are read as \`docker buildx bake --print\` prints them`, () => {
    const names = Object.keys(given.files);
    for (const [name, text] of Object.entries(given.files)) writeFileSync(join(folder, name), text);
    const args = ['buildx', 'bake', ...names.flatMap((name) => ['-f', name]), '--print'];
    const printed = JSON.parse(
      execFileSync('docker', args, {
        cwd: folder,
        encoding: 'utf8',
        timeout: 60_000,
        stdio: ['ignore', 'pipe', 'pipe'],
      }),
    ) as {
      readonly target: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
    };
    const bake = readBakeFiles(Object.entries(given.files).map(([file, text]) => ({ file, text })));
    const used = expandTargets(bake, ['default']);
    const keys = ['context', 'dockerfile', 'dockerfile-inline', 'target', 'args', 'platforms', 'tags', 'contexts'];
    const ours = Object.fromEntries(
      bake.targets
        .filter((target) => used.has(target.name))
        .map((target) => [
          target.name,
          Object.fromEntries(
            keys.flatMap((key) => {
              const value =
                plain(target.values.get(key)) ??
                (key === 'context' ? '.' : key === 'dockerfile' ? 'Dockerfile' : undefined);
              return value === undefined ? [] : [[key, value]];
            }),
          ),
        ]),
    );
    const theirs = Object.fromEntries(
      Object.entries(printed.target).map(([name, target]) => [
        name,
        Object.fromEntries(keys.flatMap((key) => (key in target ? [[key, target[key]]] : []))),
      ]),
    );
    expect(ours).toEqual(theirs);
  });
}
