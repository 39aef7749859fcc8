import { type Change, change } from '../change.ts';
import { type CommandModel, failed, succeeded } from '../command-model.ts';
import { joinPath } from '../node.ts';
import type { ImageState } from '../state.ts';
import { jarsOf } from './jvm-artifacts.ts';
import { fileFailure, noneOf } from './node-project.ts';
import { kindAt, ownerOf, textAt } from './paths.ts';

/** mvn and gradle: target/ and build/ of the project and of its modules. */
export const jvmBuild: CommandModel = (call, state) => {
  if (!call.cwd.known) return undefined;
  const words = call.argv.slice(1).map((arg) => (arg.value.known ? arg.value.value : arg.text));
  const at = call.cwd.value;
  const result: Change = change(state, call.reason);
  const maven = /^mvnw?$/.test(call.name);
  if (words.some((item) => /^(-v|--version|-version)$/.test(item))) return succeeded(state);
  const output = joinPath(at, maven ? 'target' : 'build');
  const text =
    textAt(state, joinPath(at, maven ? 'pom.xml' : 'settings.gradle')) ??
    textAt(state, joinPath(at, 'settings.gradle.kts')) ??
    '';
  const modules = /<module>|^\s*include[\s(]/m.test(text);
  if (modules || /\$\{.*\}|<directory>|buildDir/.test(text))
    result.fill(at, `${call.name} builds modules in it`, ownerOf(call));
  const builds = words.some(
    (item) =>
      /^(package|install|verify|compile|build|assemble|bootJar|jar|shadowJar|installDist|:?[\w:-]*(build|assemble|[jJ]ar|installDist|Build))$/.test(
        item,
      ) || item.includes(':build'),
  );
  const light = words.some((item) => /dependency:|dependencies|--version|wrapper|help/.test(item));
  const jars = jarsOf(state, at, maven, words);
  const folder = maven ? output : joinPath(output, 'libs');
  if (builds || !light) result.fill(output, `${call.name} builds into it`, ownerOf(call));
  // What a local build has left there is known, and what an earlier step did is not: both may be beside the jars.
  const kind = kindAt(state, folder);
  const fresh = kind === 'absent' || (kind === 'unknown' && !/not modelled/.test(why(state, folder)));
  if (builds && jars !== undefined && fresh) {
    result.mkdir(folder, ownerOf(call)).empty(folder);
    for (const jar of jars) result.write(joinPath(folder, jar), ownerOf(call));
    // Gradle leaves nothing else in its folder; of Maven's, classes and reports are not named.
    if (maven)
      for (const name of [
        'classes',
        'maven-status',
        'maven-archiver',
        'generated-sources',
        'test-classes',
        'generated-test-sources',
        'surefire-reports',
        'site',
        'lib',
        'dependency',
      ])
        result.fill(joinPath(folder, name), 'mvn builds into it', ownerOf(call));
  }
  if (!maven) result.fill(joinPath(at, '.gradle'), 'gradle keeps state in it', ownerOf(call));
  result.fill(maven ? '/root/.m2' : '/root/.gradle', `${call.name} keeps artefacts in it`);
  if (
    maven &&
    !words.some((item) => /^(-f|--file)/.test(item)) &&
    noneOf(state, at, ['pom.xml']) !== undefined &&
    builds
  ) {
    const failure = fileFailure(
      call,
      state,
      'manifest-missing',
      joinPath(at, 'pom.xml'),
      `mvn stops: there is no pom.xml in ${at}`,
      'there is no POM in this directory',
    );
    return failed(state, [failure], { repaired: result.state });
  }
  return succeeded(result.state, [builds ? `builds into ${output}` : `${call.name} ${words.join(' ')}`.slice(0, 80)]);
};

function why(state: ImageState, path: string): string {
  const found = state.tree.lookup(path);
  return `${found.known ? '' : found.why} ${found.because.map(({ text }) => text).join(' ')}`;
}
