import { joinPath } from '../node.ts';
import type { ImageState } from '../state.ts';
import { kindAt, textAt } from './paths.ts';

/** Names of the jars that a build leaves in target/ or build/libs, where the project says them plainly; undefined where it does not. */
export function jarsOf(
  state: ImageState,
  at: string,
  maven: boolean,
  words: readonly string[],
): readonly string[] | undefined {
  return maven ? mavenJars(state, at, words) : gradleJars(state, at, words);
}

/** Plugins that add no jar of another name. */
const PLAIN_PLUGINS =
  /^(spring-boot-maven-plugin|maven-(compiler|surefire|failsafe|resources|clean|enforcer|dependency|checkstyle)-plugin|jacoco-maven-plugin|flyway-maven-plugin|liquibase-maven-plugin|lombok-maven-plugin)$/;

function mavenJars(state: ImageState, at: string, words: readonly string[]): readonly string[] | undefined {
  const text = (textAt(state, joinPath(at, 'pom.xml')) ?? '').replace(/<!--[\s\S]*?-->/g, '');
  if (!words.some((item) => /^(package|install|verify)$/.test(item))) return undefined;
  if (words.some((item) => /^(-f|--file|-P|-pl|--projects|-Drevision|-D\w*finalName)/.test(item))) return undefined;
  if (text === '' || /<(modules|profiles|finalName|classifier|packaging>(?!jar))/.test(text)) return undefined;
  const plugins = [...text.matchAll(/<plugin>([\s\S]*?)<\/plugin>/g)].map((m) =>
    /<artifactId>([^<]+)</.exec(m[1] ?? '')?.[1]?.trim(),
  );
  if (plugins.some((name) => name === undefined || !PLAIN_PLUGINS.test(name))) return undefined;
  const parent = /<parent>([\s\S]*?)<\/parent>/.exec(text)?.[1] ?? '';
  const inside = text.replace(
    /<(parent|dependencies|build|dependencyManagement|properties|repositories|pluginRepositories)>[\s\S]*?<\/\1>/g,
    '',
  );
  const read = (name: string, from: string) => new RegExp(`<${name}>\\s*([^<\\s]+)\\s*</${name}>`).exec(from)?.[1];
  const name = read('artifactId', inside);
  const version = read('version', inside) ?? read('version', parent);
  if (name === undefined || version === undefined || /\$/.test(name + version)) return undefined;
  // Spring Boot keeps the jar it repackages as .original.
  return [`${name}-${version}.jar`, `${name}-${version}.jar.original`];
}

function gradleJars(state: ImageState, at: string, words: readonly string[]): readonly string[] | undefined {
  const file = ['build.gradle', 'build.gradle.kts']
    .map((name) => joinPath(at, name))
    .find((path) => kindAt(state, path) === 'file');
  const settings = ['settings.gradle', 'settings.gradle.kts']
    .map((name) => textAt(state, joinPath(at, name)))
    .find((item) => item !== undefined);
  const text = (file === undefined ? '' : (textAt(state, file) ?? '')).replace(/\/\/.*|\/\*[\s\S]*?\*\//g, '');
  const name = /rootProject\.name\s*=\s*['"]([\w.-]+)['"]/.exec(settings ?? '')?.[1];
  const version = /^\s*version\s*=?\s*['"]([\w.-]+)['"]\s*$/m.exec(text)?.[1];
  const boot =
    /['"]org\.springframework\.boot['"]/.test(text) ||
    /springframework-boot|spring-boot/.test(/plugins\s*\{[\s\S]*?\}/.exec(text)?.[0] ?? '');
  const special =
    /archive(File|Base)?(Name|Version|Classifier)|\bjar\s*\{|named\(["'](jar|bootJar)|tasks\.(jar|bootJar)|bootJar\s*\{|bootWar|shadow|sourcesJar|withSourcesJar|application\s*\{|subprojects|allprojects|apply\s+from/;
  if (name === undefined || version === undefined || !boot || special.test(text) || /^\s*include/m.test(settings ?? ''))
    return undefined;
  if (words.some((item) => /^(-P|-I|--init-script|-p|--project-dir|-x$)/.test(item) && item !== '-x')) return undefined;
  const skipped = words.flatMap((item, i) => (words[i - 1] === '-x' ? [item] : []));
  const asked = words
    .filter((item, i) => !item.startsWith('-') && words[i - 1] !== '-x')
    .map((item) => item.replace(/^:/, ''));
  if (asked.some((item) => !/^(clean|build|assemble|bootJar|test|check)$/.test(item)) || skipped.includes('bootJar'))
    return undefined;
  const all = asked.some((item) => /^(build|assemble)$/.test(item)) && !skipped.includes('jar');
  if (!all && !asked.includes('bootJar')) return undefined;
  // The plain jar stands beside the one that runs since Spring Boot 2.5.
  const release = /org\.springframework\.boot['"]\)?\s*version\s*\(?['"](\d+)\.(\d+)/.exec(text);
  if (all && (release === null || Number(release[1]) * 100 + Number(release[2]) < 205)) return undefined;
  return all ? [`${name}-${version}.jar`, `${name}-${version}-plain.jar`] : [`${name}-${version}.jar`];
}
