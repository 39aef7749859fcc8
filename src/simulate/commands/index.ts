import type { CommandModel } from '../command-model.ts';
import { apk } from './apk.ts';
import { apt } from './apt.ts';
import { compress, tar, unzip } from './archive.ts';
import { bounded, find, php, phpInstaller, ruby } from './bounded.ts';
import { composer } from './composer.ts';
import { cp, mv } from './copy.ts';
import { corepack } from './corepack.ts';
import { dotnet } from './dotnet.ts';
import { curl, git, wget } from './fetch.ts';
import { install } from './install.ts';
import { jvmBuild } from './jvm-build.ts';
import { afterInstall, besideBuild, isCi } from './lifecycle.ts';
import { ln } from './link.ts';
import { mkdir, rmdir } from './make-directories.ts';
import { chmod } from './mode.ts';
import { nodeBuild } from './node-build.ts';
import { nodeCheck, prisma } from './node-checks.ts';
import { bun, pnpm, yarn } from './node-package-managers.ts';
import { crossEnv, rimraf, runAll } from './node-script-tools.ts';
import { npm } from './npm.ts';
import { npx } from './npx.ts';
import { chown } from './owner.ts';
import { phpExtension } from './php.ts';
import { pip } from './pip.ts';
import { pipenv } from './pipenv.ts';
import { poetry } from './poetry.ts';
import { python, virtualenv } from './python.ts';
import { asking, dpkg, fills, getent, harmless, id, textTool, uname, which, whoami } from './queries.ts';
import { rm, unlink } from './remove.ts';
import { rpm } from './rpm.ts';
import { cat, sed, tee, touch } from './text-files.ts';
import { withRelease } from './toolchain-release.ts';
import { cargo, go } from './toolchains.ts';
import { turbo } from './turbo.ts';
import { debianAdduser } from './users-adduser.ts';
import { busyboxAdduser } from './users-busybox.ts';
import { groupadd, groupmod, removeAccount, useradd, usermod } from './users-shadow.ts';
import { uv } from './uv.ts';

/** BusyBox's dialect where apk is the package manager, Debian's where apt is; elsewhere it is not known which. */
const adduser: CommandModel = (call, state, world) => {
  const manager = state.packageManager.known ? state.packageManager.value : undefined;
  if (manager === 'apk') return busyboxAdduser(call, state, world);
  if (manager === 'apt') return debianAdduser(call, state, world);
  return manager === undefined || call.name === 'addgroup' ? undefined : useradd(call, state, world);
};

const each = (model: CommandModel, names: string): (readonly [string, CommandModel])[] =>
  names.split(' ').map((name) => [name, model] as const);

/** The effect model of a command by its name (the last component of its path). */
export const commandModels: ReadonlyMap<string, CommandModel> = new Map<string, CommandModel>([
  ...each(apt, 'apt-get apt'),
  ...each(apk, 'apk'),
  ...each(rpm, 'dnf microdnf yum'),
  ...each(mkdir, 'mkdir'),
  ...each(rmdir, 'rmdir'),
  ...each(rm, 'rm'),
  ...each(unlink, 'unlink'),
  ...each(cp, 'cp'),
  ...each(mv, 'mv'),
  ...each(install, 'install'),
  ...each(ln, 'ln'),
  ...each(chmod, 'chmod'),
  ...each(chown, 'chown chgrp'),
  ...each(touch, 'touch'),
  ...each(tee, 'tee'),
  ...each(cat, 'cat'),
  ...each(sed, 'sed'),
  ...each(tar, 'tar'),
  ...each(unzip, 'unzip'),
  ...each(compress, 'gzip gunzip xz unxz bzip2 bunzip2 zstd unzstd'),
  ...each(curl, 'curl'),
  ...each(wget, 'wget'),
  ...each(git, 'git'),
  ...each(useradd, 'useradd'),
  ...each(groupadd, 'groupadd'),
  ...each(usermod, 'usermod'),
  ...each(groupmod, 'groupmod'),
  ...each(removeAccount, 'userdel deluser groupdel delgroup'),
  ...each(adduser, 'adduser addgroup'),
  ...each(withRelease(pip), 'pip pip3 pip3.9 pip3.10 pip3.11 pip3.12 pip3.13 pip3.14'),
  ...each(python, 'python python3 python3.9 python3.10 python3.11 python3.12 python3.13 python3.14'),
  ...each(virtualenv, 'virtualenv'),
  ...each(uv, 'uv'),
  ...each(withRelease(poetry), 'poetry'),
  ...each(pipenv, 'pipenv'),
  ...each(turbo, 'turbo lerna'),
  ...each(withRelease(npm), 'npm'),
  ...each(pnpm, 'pnpm'),
  ...each(withRelease(yarn), 'yarn yarnpkg'),
  ...each(bun, 'bun'),
  ...each(corepack, 'corepack'),
  ...each(npx, 'npx bunx pnpx'),
  ...each(
    withRelease(nodeBuild),
    'vite tsc vue-tsc astro nuxt nuxi ng react-scripts craco vue-cli-service gatsby parcel remix react-router nest tsup esbuild webpack webpack-cli rollup next',
  ),
  ...each(nodeCheck, 'eslint prettier jest vitest stylelint biome oxlint mocha playwright'),
  ...each(prisma, 'prisma'),
  ...each(afterInstall, 'husky patch-package simple-git-hooks lefthook opencollective opencollective-postinstall ngcc'),
  ...each(isCi, 'is-ci'),
  ...each(
    besideBuild,
    'tsc-alias resolve-tspaths copyfiles cpx cpx2 cpy ncp graphql-codegen tsoa openapi-typescript swagger-autogen',
  ),
  ...each(rimraf, 'rimraf'),
  ...each(crossEnv, 'cross-env'),
  ...each(runAll, 'npm-run-all run-s run-p'),
  ...each(withRelease(go), 'go'),
  ...each(withRelease(cargo), 'cargo'),
  ...each(withRelease(jvmBuild), 'mvn mvnw gradle gradlew'),
  ...each(withRelease(dotnet), 'dotnet'),
  ...each(withRelease(composer), 'composer composer.phar'),
  ...each(phpExtension, 'docker-php-ext-install docker-php-ext-configure docker-php-ext-enable docker-php-source pecl'),
  ...each(which, 'which command'),
  ...each(id, 'id'),
  ...each(getent, 'getent'),
  ...each(whoami, 'whoami'),
  ...each(uname, 'uname arch'),
  ...each(dpkg, 'dpkg'),
  ...each(textTool, 'dirname basename date nproc hostname'),
  ...each(
    fills('/etc/ssl/certs', 'update-ca-certificates writes certificates there'),
    'update-ca-certificates update-ca-trust',
  ),
  ...each(
    fills('/usr/lib/locale', 'locale-gen compiles locales there'),
    'locale-gen localedef update-locale dpkg-reconfigure',
  ),
  ...each(
    harmless,
    'setcap sleep ls du df ldconfig sync md5sum sha256sum sha512sum fc-cache ps free stat readlink realpath head tail cut tr sort uniq wc tput clear setpriv update-alternatives apt-mark apt-cache apt-key debconf-set-selections passwd chpasswd awk xxd hexdump base64 jq yq ruff flake8 mypy black',
  ),
  ...each(
    bounded,
    'a2enmod a2dismod a2enconf a2disconf a2ensite a2dissite rustup gpg mktemp mix protoc golangci-lint openssl ssh-keygen ssh-keyscan htpasswd dos2unix',
  ),
  ...each(ruby, 'gem bundle bundler'),
  ...each(find, 'find'),
  ...each(php, 'php'),
  ...each(phpInstaller, 'install-php-extensions'),
  ...each(asking, 'grep egrep fgrep diff cmp file pgrep ping nc nslookup pg_isready redis-cli'),
]);

/** Where a command that is missing belongs to another distribution: the finding says so instead of "not installed". */
export function foreignCommand(
  name: string,
  manager: string,
): 'package-manager-of-other-distro' | 'user-option-of-other-distro' | undefined {
  if (/^(apt|apt-get)$/.test(name)) return manager === 'apt' ? undefined : 'package-manager-of-other-distro';
  if (name === 'apk') return manager === 'apk' ? undefined : 'package-manager-of-other-distro';
  if (/^(dnf|microdnf|yum)$/.test(name))
    return /^(dnf|microdnf|yum)$/.test(manager) ? undefined : 'package-manager-of-other-distro';
  if (/^(useradd|groupadd|usermod|groupmod)$/.test(name))
    return manager === 'apk' ? 'user-option-of-other-distro' : undefined;
  return undefined;
}
