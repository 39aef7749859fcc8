import { expect, test } from 'vitest';
import { memoryRepo } from '../repo/memory.ts';
import { discoverTargets } from './discover.ts';

const DOCKERFILE = 'FROM eclipse-temurin:21\nARG PORT\n';

function found(files: Readonly<Record<string, string>>) {
  return discoverTargets(memoryRepo(files)).targets.map(
    (target) =>
      `${target.id} ${[...target.args].map(([name, fact]) => `${name}=${fact.known ? fact.value : '?'}`).join(' ')}`,
  );
}

const plugin = (artifact: string, configuration: string) =>
  `<project><artifactId>root</artifactId><properties><engine>docker</engine><image.dir>\${basedir}</image.dir><port>80</port></properties>\n<!-- <plugin><artifactId>exec-maven-plugin</artifactId></plugin> -->\n<modules><module>api</module><module>web</module></modules><build><plugins><plugin><artifactId>${artifact}</artifactId>${configuration}</plugin></plugins></build></project>`;

const module = (name: string, properties: string) =>
  `<project><parent><artifactId>root</artifactId></parent><artifactId>${name}</artifactId><properties>${properties}</properties></project>`;

test('Maven builds once for each module, with its own properties; its output folder is not known.', () => {
  const words = [
    'build',
    '-f',
    'Dockerfile',
    '--build-arg',
    'PORT=${port}',
    '--build-arg',
    'JAR=${project.build.finalName}',
  ];
  const configuration = `<configuration><executable>\${engine}</executable><workingDirectory>\${image.dir}</workingDirectory><arguments>${[...words, '${project.build.directory}'].map((word) => `<argument>${word}</argument>`).join('\n')}</arguments></configuration>`;
  expect(
    found({
      'pom.xml': plugin('exec-maven-plugin', configuration),
      'api/pom.xml': module('api', '<image.dir>${basedir}/../docker</image.dir><port>8081</port>'),
      'web/pom.xml': module('web', ''),
      'docker/Dockerfile': DOCKERFILE,
      'web/Dockerfile': DOCKERFILE,
    }),
  ).toEqual(['docker/Dockerfile@(unknown) PORT=8081 JAR=?', 'web/Dockerfile@(unknown) PORT=80 JAR=?']);
});

test('The Docker plugins of Maven name a folder or a Dockerfile; Jib names none.', () => {
  const modules = { 'api/pom.xml': module('api', ''), 'api/Dockerfile': DOCKERFILE };
  expect(
    found({
      'pom.xml': plugin(
        'dockerfile-maven-plugin',
        '<configuration><buildArgs><PORT>${port}</PORT></buildArgs></configuration>',
      ),
      ...modules,
    }),
  ).toEqual(['api/Dockerfile PORT=80']);
  const image = '<images><image><build><contextDir>${project.basedir}</contextDir></build></image></images>';
  expect(found({ 'pom.xml': plugin('docker-maven-plugin', image), ...modules })).toEqual(['api/Dockerfile ']);
  const jib = '<configuration><to><image>docker.io/x</image></to></configuration>';
  expect(found({ 'pom.xml': plugin('jib-maven-plugin', jib), ...modules })).toEqual([]);
});

test('Gradle runs docker in its own folder, or has a task for it.', () => {
  expect(
    found({
      'api/build.gradle':
        "task image(type: Exec) {\n  commandLine 'docker', 'build', '--target', 'run', '-t', \"x:$version\", '.'\n}\n",
      'api/Dockerfile': DOCKERFILE,
      'web/build.gradle.kts':
        'tasks.register<Exec>("image") {\n  commandLine(\n    "docker", "build",\n    "-f", "docker/Dockerfile", ".",\n  )\n}\n',
      'web/docker/Dockerfile': DOCKERFILE,
      'job/build.gradle': "task img(type: DockerBuildImage) {\n  inputDir = file('image')\n}\n",
      'job/image/Dockerfile': DOCKERFILE,
    }),
  ).toEqual(['api/Dockerfile#run ', 'job/image/Dockerfile ', 'web/docker/Dockerfile@web ']);
});
