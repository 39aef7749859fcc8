import { change } from '../change.ts';
import { type Call, type CommandModel, failed, type Outcome, succeeded } from '../command-model.ts';
import { joinPath } from '../node.ts';
import type { ImageState } from '../state.ts';
import { fileFailure, nearestWith, noneOf } from './node-project.ts';
import { flagValue, splitLine } from './npm-line.ts';
import { knownTexts } from './options.ts';
import { baseName, kindAt, ownerOf, textAt } from './paths.ts';

function manifestMissing(call: Call, state: ImageState, at: string, file: string, says: string): Outcome | undefined {
  if (noneOf(state, at, [file]) === undefined || nearestWith(state, at, [file]) !== null) return undefined;
  const failure = fileFailure(
    call,
    state,
    'manifest-missing',
    joinPath(at, file),
    `${call.name} stops: there is no ${file} in ${at} or above`,
    says,
  );
  return failed(state, [failure], { repaired: state });
}

/** go build, install, mod download, generate, test, vet. */
export const go: CommandModel = (call, state) => {
  const words =
    knownTexts(call.argv.slice(1)) ?? call.argv.slice(1).map((arg) => (arg.value.known ? arg.value.value : arg.text));
  const verb = words[0] ?? '';
  if (!call.cwd.known) return undefined;
  const result = change(state, call.reason);
  const root = call.env.get('GOPATH');
  const gopath = root?.known ? root.value : root === undefined ? '/root/go' : undefined;
  const caches = () => {
    if (gopath !== undefined) result.fill(`${gopath}/pkg`, 'go keeps modules in it', ownerOf(call));
  };
  let at = call.cwd.value;
  const folder = /^-C$/.test(words[1] ?? '') ? words[2] : undefined;
  if (folder !== undefined) at = joinPath(at, folder);
  switch (verb) {
    case 'mod': {
      if (!/^(download|tidy|vendor|verify|graph|why|edit|init)$/.test(words[1] ?? '')) return undefined;
      caches();
      if (words[1] === 'vendor') result.fill(joinPath(at, 'vendor'), 'go mod vendor fills it', ownerOf(call));
      if (words[1] === 'tidy' || words[1] === 'init' || words[1] === 'edit')
        result.write(joinPath(at, 'go.mod'), ownerOf(call)).write(joinPath(at, 'go.sum'), ownerOf(call));
      const missing =
        words[1] === 'init' || kindAt(state, joinPath(at, 'go.work')) !== 'absent'
          ? undefined
          : manifestMissing(call, state, at, 'go.mod', 'go.mod');
      return missing ? { ...missing, repaired: result.state } : succeeded(result.state, [`go mod ${words[1]}`]);
    }
    case 'build':
    case 'install': {
      const line = splitLine(
        words,
        /^(-o|-ldflags|-tags|-mod|-p|-gcflags|-asmflags|-buildmode|-C|-installsuffix|-pkgdir|-toolexec|-modfile|-overlay)$/,
      );
      caches();
      const packages = line.names;
      if (verb === 'install') {
        if (gopath === undefined) return undefined;
        const bin = call.env.get('GOBIN');
        const into = bin?.known ? bin.value : `${gopath}/bin`;
        result.fill(into, 'go install puts programs in it', ownerOf(call));
        for (const item of packages) {
          const name = /^([\w./~-]+?)(?:\/v\d+)?(?:@[\w.+-]+)?$/.exec(item)?.[1];
          if (name?.includes('.') && !name.startsWith('.'))
            result.write(joinPath(into, baseName(name)), { ...ownerOf(call), mode: 0o755 });
        }
        return succeeded(result.state, [`installs ${packages.join(', ')}`]);
      }
      const out = flagValue(line.flags, '-o');
      const target = out === undefined ? undefined : joinPath(at, out);
      if (target === undefined || /\$/.test(target)) result.fill(at, 'go build writes a program in it', ownerOf(call));
      else if (
        out?.endsWith('/') ||
        kindAt(state, target) === 'directory' ||
        packages.some((item) => item.endsWith('...'))
      )
        result.fill(target, 'go build writes programs in it', ownerOf(call));
      else result.write(target, { ...ownerOf(call), mode: 0o755 });
      const missing =
        packages.some((item) => item.endsWith('.go')) || kindAt(state, joinPath(at, 'go.work')) !== 'absent'
          ? undefined
          : manifestMissing(call, state, at, 'go.mod', 'go.mod');
      return missing ? { ...missing, repaired: result.state } : succeeded(result.state, [`builds ${target ?? at}`]);
    }
    case 'generate':
      result.fill(at, 'go generate writes files in it', ownerOf(call));
      return succeeded(result.state, ['generates code']);
    case 'get':
    case 'work':
      caches();
      // Before Go 1.16 sources outside a module went below GOPATH.
      if (gopath !== undefined) result.fill(`${gopath}/src`, 'go get may put sources in it', ownerOf(call));
      if (gopath !== undefined) result.fill(`${gopath}/bin`, 'go get may put programs in it', ownerOf(call));
      result.write(joinPath(at, 'go.mod'), ownerOf(call)).write(joinPath(at, 'go.sum'), ownerOf(call));
      return succeeded(result.state, [`go ${verb}`]);
    case 'test':
    case 'vet':
    case 'fmt':
      caches();
      // `go test -c` and `-o`, profiles and fixtures: tests write where they like below the module.
      result.fill(at, `go ${verb} may write in it`, ownerOf(call));
      return { state: result.state, exit: { status: 'unknown', why: `go ${verb} may find fault` }, effects: [] };
    case 'env':
    case 'version':
    case 'clean':
    case 'list':
      return succeeded(state);
    default:
      return undefined;
  }
};

/** cargo build and install: target/…/NAME from Cargo.toml. */
export const cargo: CommandModel = (call, state) => {
  const words = knownTexts(call.argv.slice(1));
  if (!words || !call.cwd.known) return undefined;
  const line = splitLine(
    words.filter((item) => !item.startsWith('+')),
    /^(--target|--bin|-p|--package|--features|-F|--manifest-path|--target-dir|--path|--root|--profile|-j|--jobs|--version|--git|--branch|--tag|--rev|--recipe-path|--example)$/,
  );
  const at = call.cwd.value;
  const result = change(state, call.reason);
  const home = call.env.get('CARGO_HOME');
  const cargoHome = home?.known ? home.value : home === undefined ? '/root/.cargo' : undefined;
  if (cargoHome !== undefined) result.fill(`${cargoHome}/registry`, 'cargo keeps crates in it', ownerOf(call));
  switch (line.verb) {
    case 'build':
    case 'b':
    case 'rustc':
    case 'zigbuild':
    case 'chef':
    case 'leptos': {
      const own = call.env.get('CARGO_TARGET_DIR');
      const given = flagValue(line.flags, '--target-dir') ?? (own?.known ? own.value : own ? undefined : 'target');
      if (given === undefined) result.fill(at, 'cargo builds, where is not known');
      else result.fill(joinPath(at, given), 'cargo builds into it', ownerOf(call));
      if (line.verb === 'chef' || line.verb === 'leptos')
        return succeeded(result.fill(at, 'cargo writes in it').state, [`cargo ${line.verb}`]);
      const name = /^\[package\][^[]*?^name\s*=\s*"([^"]+)"/ms.exec(
        textAt(state, joinPath(at, 'Cargo.toml')) ?? '',
      )?.[1];
      const profile =
        line.flags.includes('--release') || line.flags.includes('-r')
          ? 'release'
          : (flagValue(line.flags, '--profile') ?? 'debug');
      const triple = flagValue(line.flags, '--target');
      if (name !== undefined && given !== undefined && kindAt(state, joinPath(at, 'src/main.rs')) === 'file') {
        result.write(joinPath(at, `${given}/${triple ? `${triple}/` : ''}${profile}/${name}`), {
          ...ownerOf(call),
          mode: 0o755,
        });
      }
      const missing =
        flagValue(line.flags, '--manifest-path') === undefined
          ? manifestMissing(call, state, at, 'Cargo.toml', 'could not find `Cargo.toml`')
          : undefined;
      if (missing) return { ...missing, repaired: result.state };
      const lock =
        line.flags.includes('--locked') || line.flags.includes('--frozen')
          ? nearestWith(state, at, ['Cargo.lock'])
          : at;
      if (lock === null) {
        const text = `cargo stops: it was told to use Cargo.lock, and there is none in ${at}`;
        return failed(
          state,
          [fileFailure(call, state, 'lockfile-missing', joinPath(at, 'Cargo.lock'), text, 'lock file')],
          { code: 101, repaired: result.state },
        );
      }
      return succeeded(result.state, ['builds into target']);
    }
    case 'install': {
      const root = flagValue(line.flags, '--root') ?? cargoHome;
      if (root === undefined) return undefined;
      result.fill(joinPath(root, 'bin'), 'cargo install puts programs in it', ownerOf(call));
      for (const name of line.names)
        result.write(joinPath(root, `bin/${name.replace(/@.*$/, '')}`), { ...ownerOf(call), mode: 0o755 });
      return succeeded(result.state, [`installs ${line.names.join(', ')}`]);
    }
    case 'fetch':
    case 'vendor':
    case 'update':
    case 'init':
    case 'new':
      return succeeded(result.fill(at, `cargo ${line.verb} writes in it`, ownerOf(call)).state, [`cargo ${line.verb}`]);
    case 'test':
    case 'clippy':
    case 'check':
    case 'fmt':
      result.fill(joinPath(at, 'target'), 'cargo builds into it', ownerOf(call));
      return {
        state: result.state,
        exit: { status: 'unknown', why: `cargo ${line.verb} may find fault` },
        effects: [],
      };
    default:
      return undefined;
  }
};
