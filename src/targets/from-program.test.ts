import { expect, test } from 'vitest';
import { memoryRepo } from '../repo/memory.ts';
import { discoverTargets } from './discover.ts';

const DOCKERFILE = 'FROM alpine AS one\nFROM alpine AS two\n';

function found(files: Readonly<Record<string, string>>) {
  const { targets, orphans } = discoverTargets(memoryRepo(files));
  return {
    built: targets.map((target) => `${target.id} ${target.uses[0]?.at.file}:${target.uses[0]?.at.line}`),
    args: targets.map((target) => Object.fromEntries([...target.args].map(([k, v]) => [k, v.known ? v.value : '?']))),
    orphans: orphans.map((target) => target.id),
  };
}

test('A list of words that a Node script hands to docker is a build, whatever starts it.', () => {
  const { built } = found({
    'scripts/a.mjs':
      "import { spawnSync } from 'node:child_process';\nspawnSync('docker', ['buildx', 'build', '-f', 'a/Dockerfile', `--tag=x:${v}`, '.'], { stdio: 'inherit' });\n",
    'scripts/b.ts':
      "const root: string = `${__dirname}/../b`;\nawait execa('docker', ['build', '--target', 'two', root]);\n",
    'scripts/c.cjs': "require('child_process').execSync('docker build -t c ./c', { stdio: 'inherit' });\n",
    'scripts/d.mjs': "import { $ } from 'zx';\nawait $`docker build --build-arg V=${version} -t d d`;\n",
    'a/Dockerfile': DOCKERFILE,
    'b/Dockerfile': DOCKERFILE,
    'c/Dockerfile': DOCKERFILE,
    'd/Dockerfile': DOCKERFILE,
  });
  expect(built).toEqual([
    'a/Dockerfile@. scripts/a.mjs:2',
    'b/Dockerfile#two scripts/b.ts:2',
    'c/Dockerfile scripts/c.cjs:1',
    'd/Dockerfile scripts/d.mjs:2',
  ]);
});

test('A function that builds is followed from its callers, in other modules too, with its default values.', () => {
  const { built, args } = found({
    'release/build.mjs': `import { spawnSync } from 'child_process';
export function image(stage, version, file = 'docker/Dockerfile') {
  let args = ['buildx', 'build', '-f', file];
  for (const name of names) args.push('-t', \`\${name}:\${version}\`);
  if (version) {
    args.push('--build-arg', \`VERSION=\${version}\`);
  }
  args = [...args, '--target', stage];
  args.push('.');
  if (dry) console.log('docker ' + args.join(' '));
  else spawnSync('docker', args);
}
export const both = (version) => { image('one', version); };
`,
    'release/nightly.mjs': "import { image as make } from './build.mjs';\n// docker build\nmake('two', '1.2');\n",
    'docker/Dockerfile': DOCKERFILE,
  });
  expect(built).toEqual([
    'docker/Dockerfile@.#one release/build.mjs:13',
    'docker/Dockerfile@.#two release/nightly.mjs:3',
  ]);
  expect(args).toEqual([{ VERSION: '?' }, { VERSION: '?' }]);
});

test('Python scripts build with subprocess, os.system and lists that grow.', () => {
  const { built } = found({
    'tasks.py':
      'import subprocess\n\ndef build(tag):\n    cmd = ["docker", "build", "-t", tag]\n    cmd += ["-f", "api/Dockerfile"]\n    cmd.extend(["."])\n    subprocess.run(cmd, check=True)\n',
    'tools/web.py':
      'import os, subprocess\nfrom pathlib import Path\nROOT = Path(__file__).resolve().parent.parent\nsubprocess.check_call(["docker", "build", "."], cwd=ROOT / "web")\nos.system(f"docker build -f db/Dockerfile.{x} db")\n',
    'api/Dockerfile': DOCKERFILE,
    'web/Dockerfile': DOCKERFILE,
    'db/Dockerfile.pg': DOCKERFILE,
  });
  expect(built).toEqual([
    'api/Dockerfile@. tasks.py:7',
    'db/Dockerfile.pg tools/web.py:5',
    'web/Dockerfile tools/web.py:4',
  ]);
});

test('What a script only prints, runs with other tools or decides when it runs names nothing.', () => {
  const { built, orphans } = found({
    'scripts/say.mjs':
      "console.log('docker build -f a/Dockerfile .');\nspawnSync('docker', ['run', 'build']);\nspawnSync(tool, ['docker', 'build']);\nconst text = 'docker build a';\n",
    'scripts/broken.py': 'subprocess.run(["docker", "build", "-f\n',
    'scripts/choice.mjs':
      "let args = ['build'];\nif (slim) args = [...args, '-f', 'a/Dockerfile'];\nelse args.push('-f', 'b/Dockerfile');\nspawn('docker', [...args, '.']);\n",
    'a/Dockerfile': DOCKERFILE,
    'b/Dockerfile': DOCKERFILE,
  });
  expect(built).toEqual([]);
  expect(orphans).toEqual(['a/Dockerfile', 'a/Dockerfile@.', 'b/Dockerfile', 'b/Dockerfile@.']);
});

test('A list of a shell script keeps its words through loops and branches that decide nothing.', () => {
  const { built, args } = found({
    'build.sh':
      '#!/bin/bash\nFILE="${FILE-image/Dockerfile}"\nARGS=(\n  --pull\n  --target one\n  -f "${FILE}"\n)\nfor NAME in "${NAMES[@]}"; do\n  ARGS+=(-t "${NAME}")\ndone\nif [ -n "$BASE" ]; then\n  ARGS+=(--label "x=${BASE}" --build-arg "BASE=${BASE}")\nfi\nARGS+=(--build-arg VERSION=3)\ndocker buildx --builder "$B" build "${ARGS[@]}" .\n',
    'image/Dockerfile': DOCKERFILE,
  });
  expect(built).toEqual(['image/Dockerfile@.#one build.sh:15']);
  expect(args).toEqual([{ BASE: '?', VERSION: '3' }]);
});
