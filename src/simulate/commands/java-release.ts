import type { Call } from '../command-model.ts';
import { joinPath } from '../node.ts';
import type { ImageState } from '../state.ts';
import { kindAt, textAt } from './paths.ts';
import type { Mismatch } from './toolchain-release.ts';

/** javac refuses a release that is newer than itself. Only a number in the pom.xml of the folder itself is taken. */
export function mavenMismatch(call: Call, words: readonly string[], state: ImageState): Mismatch | undefined {
  const there = ownJava(call, state);
  const at = call.cwd.known ? call.cwd.value : '/';
  if (!there?.known || !words.some((item) => /^(compile|package|install|verify|test|deploy)$/.test(item)))
    return undefined;
  if (words.some((item) => /^(-f|--file|-P|-Djava\.version|-Dmaven\.compiler)/.test(item))) return undefined;
  const file = joinPath(at, 'pom.xml');
  const text = (textAt(state, file) ?? '').replace(/<!--[\s\S]*?-->/g, '');
  if (kindAt(state, joinPath(at, 'src/main/java')) !== 'directory' || /<(profiles|toolchains)>/.test(text))
    return undefined;
  const read = (name: string) =>
    new RegExp(`<${name.replaceAll('.', '\\.')}>\\s*(?:1\\.)?(\\d+)\\s*</`).exec(text)?.[1];
  const boot = /spring-boot-starter-parent/.test(text) || /\$\{java\.version\}/.test(text);
  const asked =
    read('maven.compiler.release') ??
    (/maven-compiler-plugin/.test(text) ? read('release') : undefined) ??
    read('maven.compiler.source') ??
    (boot ? read('java.version') : undefined);
  if (asked === undefined || Number(asked) <= Number(there.value)) return undefined;
  return {
    asked: `Java ${asked}`,
    there: `Java ${there.value}`,
    file,
    says: `${asked}`,
    reasons: there.because,
  };
}

/** Gradle 8 fetches no JDK for a toolchain unless a plugin of the settings does: the JDK of the image has to be the one asked for. */
export function gradleMismatch(call: Call, words: readonly string[], state: ImageState): Mismatch | undefined {
  const there = ownJava(call, state);
  const at = call.cwd.known ? call.cwd.value : '/';
  if (
    !there?.known ||
    !words.some((item) => /(^|:)(build|assemble|bootJar|jar|shadowJar|installDist|classes|test)$/.test(item))
  )
    return undefined;
  const text = (name: string) => (textAt(state, joinPath(at, name)) ?? '').replace(/\/\/.*|\/\*[\s\S]*?\*\//g, '');
  const name = ['build.gradle', 'build.gradle.kts'].find((item) => kindAt(state, joinPath(at, item)) === 'file');
  const settings = ['settings.gradle', 'settings.gradle.kts'].find(
    (item) => kindAt(state, joinPath(at, item)) === 'file',
  );
  if (name === undefined || settings === undefined || !eighth(call, state, at)) return undefined;
  const all = `${text(name)}\n${text(settings)}\n${textAt(state, joinPath(at, 'gradle.properties')) ?? ''}`;
  const asked = /languageVersion(?:\s*=\s*|\.set\(|\s+)JavaLanguageVersion\.of\((\d+)\)/.exec(text(name))?.[1];
  const known =
    kindAt(state, joinPath(at, 'buildSrc')) !== 'directory' &&
    !/foojay|includeBuild|installations|toolchainManagement/.test(all);
  if (asked === undefined || asked === there.value || !known || words.some((item) => /installations|^-I/.test(item)))
    return undefined;
  return {
    asked: `a toolchain of Java ${asked}`,
    there: `Java ${there.value} only`,
    file: joinPath(at, name),
    says: 'toolchain',
    reasons: there.because,
  };
}

function eighth(call: Call, state: ImageState, at: string): boolean {
  const own = call.env.get('GRADLE_VERSION');
  const wrapper = textAt(state, joinPath(at, 'gradle/wrapper/gradle-wrapper.properties')) ?? '';
  const version =
    call.name === 'gradlew'
      ? /gradle-(\d+)[.\d]*-(?:bin|all)\.zip/.exec(wrapper)?.[1]
      : own?.known
        ? own.value.split('.')[0]
        : undefined;
  return version !== undefined && Number(version) >= 8;
}

/** The Java of the base, where nothing else was installed beside it. */
function ownJava(call: Call, state: ImageState): ReturnType<ImageState['languages']['get']> {
  const home = call.env.get('JAVA_HOME');
  const other =
    (home !== undefined && !(home.known && home.value === '/opt/java/openjdk')) ||
    state.packages.some(({ manager, name }) => /^(apt|apk|rpm)$/.test(manager) && /jdk|jre|java/.test(name));
  return other ? undefined : state.languages.get('java');
}
