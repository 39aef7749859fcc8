import { APP_ID, type ImageInput } from '../input.ts';

/** True where it writes to folders of the host, which no build can give to another user. */
export function keepsRoot(image: ImageInput): boolean {
  return (image.hostFolders ?? []).length > 0;
}

/** What shows that an image still works: that it becomes healthy where something checks it afterwards, else that it starts. */
export function aliveMeasure(image: ImageInput): string {
  const check = image.dockerfile.stages.at(-1)?.instructions.findLast((item) => item.keyword === 'HEALTHCHECK');
  const checked = check?.keyword === 'HEALTHCHECK' ? check.kind === 'command' : image.checkedByCompose === true;
  return checked ? 'service.healthy' : 'service.starts';
}

/** The step that makes the user of the running process; how depends on the distribution of the base. */
export function addUser(base: string): string {
  return /alpine/.test(base)
    ? `RUN addgroup -S -g ${APP_ID} app && adduser -S -D -H -u ${APP_ID} -G app app`
    : `RUN groupadd --system --gid ${APP_ID} app && useradd --system --uid ${APP_ID} --gid app --no-create-home app`;
}

/** Labels of the OCI image specification, from the project's manifest. */
export function labels(about: {
  readonly name?: string;
  readonly version?: string;
  readonly description?: string;
}): string | undefined {
  const pairs = [
    about.name === undefined ? undefined : `org.opencontainers.image.title=${JSON.stringify(about.name)}`,
    about.description === undefined
      ? undefined
      : `org.opencontainers.image.description=${JSON.stringify(about.description.replaceAll('$', '\\$'))}`,
    about.version === undefined ? undefined : `org.opencontainers.image.version=${JSON.stringify(about.version)}`,
  ].filter((pair) => pair !== undefined);
  return pairs.length === 0 ? undefined : `LABEL ${pairs.join(' \\\n      ')}`;
}
